import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluateOutcomes } from '../../src/evaluation/evaluation.ts';
import type { Outcome } from '../../src/evaluation/outcome.ts';
import { renderEvaluationHtml } from '../../src/report/eval-html.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('SKIPPED: the page is tested in Chromium, and none is installed (apt-get install chromium).');

vi.setConfig({ hookTimeout: 60_000, testTimeout: 120_000 });

const LABELS = ['disk', 'dependency_error', 'a_label_that_is_far_longer_than_is_sensible_'.repeat(3)];
const METHODS = ['regex', 'lexical_classifier', 'embedding_classifier', 'fallback'] as const;
const outcomes: Outcome[] = LABELS.flatMap((truth, label) =>
  METHODS.map((method, at) => ({
    truth,
    predicted: LABELS[at % LABELS.length]!,
    confidence: 0.4 + at / 10,
    method,
    template: `${label} ${at}`,
  })),
);
const html = renderEvaluationHtml(evaluateOutcomes(outcomes, 1), {
  name: 'a-model-of-mine',
  embedder: 'all-MiniLM-L6-v2',
  threshold: 0.5,
  files: [`/very/long/path/${'x'.repeat(100)}.csv`],
});

describe.skipIf(!executablePath)('the evaluation page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  test.each([360, 768, 1280])(
    'at %i px nothing is wider than the screen, and tables show all columns',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      await page.setContent(html);
      const widths = await page.evaluate(
        `({ page: document.documentElement.scrollWidth,
          cut: [...document.querySelectorAll('.scroll')].filter((box) => !box.querySelector('.heat'))
            .map((box) => box.scrollWidth - box.clientWidth) })`,
      );
      expect(widths).toEqual({ page: width, cut: [0, 0] });
      await page.close();
    },
  );
});
