import type { Provider } from '../embedders/device.ts';
import { visible } from '../output/terminal.ts';
import type { Example } from '../training/examples.ts';
import type { FittedModel } from '../training/train-folder.ts';
import { count, duration, percent, plural } from './numbers.ts';

/** Labels that are most often taken for one another, of which so many are named. */
const MAX_CONFUSED = 3;
/** Share of a label's rows that must go astray to be named. */
const CONFUSED_SHARE = 0.25;

/** What came of a training, for people. */
export function renderTraining(
  { trained, settings, thresholds, embedder }: FittedModel,
  examples: readonly Example[],
  { dir, elapsedMs, device }: { dir: string; elapsedMs: number; device: Provider | undefined },
): string {
  const { byTemplate, bySystem, tried } = trained;
  const rows = examples.reduce((sum, example) => sum + example.rows, 0);
  const labels = settings.labels.length;
  const lines = [
    `${plural(rows, 'row')}, ${plural(examples.length, 'example')} (template and label), ${plural(labels, 'label')}, in ${duration(elapsedMs)}`,
    `sees ${trained.features.join(' and ')}; C ${trained.c}${tried.length > 0 ? `, the best of ${tried.map(({ c, logLoss }) => `${c} (log loss ${logLoss.toFixed(3)})`).join(', ')}` : ''}; temperature ${trained.temperature.toFixed(2)}`,
    ...(embedder ? [`encoder: ${encoderLine(embedder.name, device)}`] : []),
    `held out by group: ${scoresOf(byTemplate)}`,
    ...(bySystem ? [`held out by system: ${scoresOf(bySystem)}`] : []),
    ...confusions(
      trained.heldOut,
      trained.truth,
      settings.labels.map(({ label }) => label),
    ),
    ...thresholdLines(settings, thresholds),
    `wrote ${dir}; use it with: logiq classify --model ${dir} FILE`,
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

/** @param device What has computed; undefined where every embedding was remembered. */
export function encoderLine(embedder: string, device: Provider | undefined): string {
  return device === undefined ? `${embedder}, all of it remembered` : `${embedder} on ${device}`;
}

function scoresOf({ accuracy, macroF1, ece, coverageAt90 }: FittedModel['trained']['byTemplate']): string {
  return `accuracy ${accuracy.toFixed(3)}, macro F1 ${macroF1.toFixed(3)}, calibration error ${ece.toFixed(3)}, ${percent(coverageAt90.share)} answered at precision 0.90`;
}

function thresholdLines({ threshold }: FittedModel['settings'], found: FittedModel['thresholds']): string[] {
  if (!found || typeof threshold === 'number') return [];
  const goal =
    'precision' in threshold ? `precision ${threshold.precision}` : `${percent(threshold.llmShare)} to the LLM`;
  const own = Object.keys(found.byLabel).length;
  return [
    `threshold ${found.threshold} for ${goal}${own > 0 ? `, ${plural(own, 'label')} with one of their own` : ''}: ` +
      `held-out precision ${found.precision.toFixed(3)}, ${percent(found.llmShare)} left to the LLM${found.reached ? '' : ' (not reached)'}`,
  ];
}

function confusions(heldOut: Float64Array, truth: readonly number[], labels: readonly string[]): string[] {
  const taken = new Map<string, number>();
  const support = new Map<number, number>();
  for (const [row, label] of truth.entries()) {
    const scores = heldOut.subarray(row * labels.length, (row + 1) * labels.length);
    const top = scores.indexOf(Math.max(...scores));
    support.set(label, (support.get(label) ?? 0) + 1);
    if (top !== label) taken.set(`${label} ${top}`, (taken.get(`${label} ${top}`) ?? 0) + 1);
  }
  return [...taken]
    .map(([pair, rows]) => ({ pair: pair.split(' ').map(Number), rows }))
    .filter(({ pair, rows }) => rows >= CONFUSED_SHARE * support.get(pair[0]!)! && rows > 1)
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, MAX_CONFUSED)
    .map(
      ({ pair: [from, to], rows }) =>
        `often confused: "${labels[from!]}" taken for "${labels[to!]}", ${count(rows)} of ${count(support.get(from!)!)}`,
    );
}
