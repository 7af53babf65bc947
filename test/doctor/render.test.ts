import { expect, test } from 'vitest';
import { renderChecks } from '../../src/doctor/render.ts';
import { createPaint } from '../../src/report/paint.ts';

const plain = createPaint({ env: { NO_COLOR: '1' }, stderr: process.stderr });

test('a paragraph a check, wrapped under its text, the hint below', () => {
  const text = renderChecks(
    [
      { name: 'cache', status: 'ok', found: 'fine', facts: {} },
      { name: 'model', status: 'problem', found: 'one two three four five', hint: 'Reinstall it all.', facts: {} },
    ],
    plain,
    28,
  );
  expect(text.split('\n')).toEqual([
    'ok cache    fine',
    '!! model    one two three',
    '            four five',
    '            -> Reinstall it',
    '            all.',
    '',
    '1 to mend.',
    '',
  ]);
});

test('what a terminal would obey is shown instead', () => {
  const text = renderChecks([{ name: 'x', status: 'ok', found: 'a\u001b[2Jb', facts: {} }], plain, 80);
  expect(text).toContain('a\\x1b[2Jb');
  expect(text).not.toContain('\u001b');
});
