import { expect, test } from 'vitest';
import { toExamples } from '../../src/training/examples.ts';
import { mergeLessons, type TemplateFeedback } from '../../src/training/feedback.ts';
import { proposeRules } from '../../src/training/propose-rules.ts';
import { findDoubts } from '../../src/training/warnings.ts';

test('lines of one template and label are one example', () => {
  const examples = toExamples([
    { message: 'retry 1 of job', label: 'job' },
    { message: 'retry 22 of job', label: 'job' },
    { message: 'disk gone', label: 'storage', group: 'g', weight: 0.5 },
  ]);
  expect(examples.map(({ label, rows, weight }) => [label, rows, weight])).toEqual([
    ['job', 2, 1],
    ['storage', 1, 0.5],
  ]);
  expect(examples[0]?.group).toBe(examples[0]?.template);
  expect(examples[1]?.group).toBe('g');
});

test('labels that contradict each other share the weight of their template by rows', () => {
  const rows = ['a', 'a', 'a', 'b'].map((label) => ({ message: 'disk gone', label }));
  expect(toExamples(rows).map(({ label, weight }) => [label, weight])).toEqual([
    ['a', 0.75],
    ['b', 0.25],
  ]);
});

test('what is doubtful is named: few templates, contradictions, leaks, labels that look alike', () => {
  const doubts = findDoubts(
    toExamples([
      { message: 'disk gone', label: 'Storage', group: 'x' },
      { message: 'disk gone', label: 'storage', group: 'y' },
    ]),
  );
  expect(doubts).toEqual([
    '"Storage" has 1 template; 8 or more make it reliable',
    '"storage" has 1 template; 8 or more make it reliable',
    '1 template with more than one label: "disk gone" is Storage and storage',
    '1 template in more than one group, so that held-out scores flatter: "disk gone"',
    'the labels "Storage" and "storage" look like one',
  ]);
});

function feedback(message: string, label: string, more: Partial<TemplateFeedback> = {}): TemplateFeedback {
  return {
    template: message,
    message,
    rows: 1,
    labels: new Map([[label, 1]]),
    corrected: undefined,
    answered: undefined,
    ...more,
  };
}

test('a correction replaces training text, an answer only adds to it', () => {
  const known = [
    { message: 'disk gone', label: 'storage' },
    { message: 'login refused', label: 'auth' },
  ];
  const merged = mergeLessons(known, [
    feedback('disk gone', 'hardware', { corrected: 'hardware' }),
    feedback('login refused', 'network', { answered: 'network' }),
    feedback('link down', 'network', { answered: 'network' }),
  ]);
  expect(merged).toEqual([
    { message: 'login refused', label: 'auth' },
    { message: 'disk gone', label: 'hardware' },
    { message: 'link down', label: 'network', weight: 0.5 },
  ]);
});

test('a rule is proposed for what is frequent and pure, and matches nothing of another label', () => {
  const labels = (label: string, rows: number): ReadonlyMap<string, number> => new Map([[label, rows]]);
  const own = 'link eth0 went down (carrier lost)';
  const proposed = proposeRules([
    { ...feedback(own, 'network', { answered: 'network' }), rows: 40, labels: labels('network', 40) },
    { ...feedback('backup of volume ended', 'job', { answered: 'job' }), rows: 40, labels: labels('job', 40) },
    feedback('the backup of volume ended badly', 'storage', { corrected: 'storage' }),
    { ...feedback('rare thing that happened', 'job', { answered: 'job' }), rows: 3 },
  ]);
  expect(proposed.map(({ id, label }) => [id, label])).toEqual([['learned-network', 'network']]);
  expect(new RegExp(proposed[0]!.pattern).test(own)).toBe(true);
});
