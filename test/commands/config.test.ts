import { expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';

test('config show tells every value and where it comes from', async () => {
  const env = { CONFIDENCE_THRESHOLD: '0.7', LOGIQ_LLM_MODEL: 'a-model' };
  const { code, stdout } = await runCli(['config', 'show', '--origin'], { env });
  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'threshold: 0.7  # CONFIDENCE_THRESHOLD',
      'llm-model: a-model  # LOGIQ_LLM_MODEL',
      'model: logiq-base  # default',
      '# column:  # default',
    ]),
  );
});
