import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Stage, Verdict } from '../../src/types.ts';
import { heldStage, startServer, type TestServer } from '../helpers/start-server.ts';
import { xssPayloads } from './xss-payloads.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath)
  console.warn('SKIPPED: the page is tested in Chromium, and none is installed (apt-get install chromium).');

vi.setConfig({ hookTimeout: 60_000, testTimeout: 120_000 });

describe.skipIf(!executablePath)('the page in Chromium', () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  /** Whatever ran that should not: dialogs, errors, refusals by the policy. */
  let noises: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await startServer();
    noises = [];
    page = await openPage();
  });
  afterEach(async () => {
    await page.context().close();
    await server.close();
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext({ acceptDownloads: true });
    const opened = await context.newPage();
    opened.setDefaultTimeout(30_000);
    opened.on('dialog', (dialog) => {
      noises.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    opened.on('pageerror', (error) => noises.push(error.message));
    opened.on('console', (message) => {
      if (message.type() === 'error') noises.push(message.text());
    });
    await opened.goto(server.url);
    return opened;
  }

  async function paste(text: string): Promise<void> {
    await page.fill('#lines', text);
    await page.click('#label');
  }

  async function choose(name: string, body: string | Buffer): Promise<void> {
    await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: Buffer.from(body) });
  }

  async function download(): Promise<{ name: string; text: string }> {
    await page.waitForSelector('#download:not([hidden])');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
  }

  /** What has the focus, by id, name of its bar or kind. */
  const focused = (): Promise<string> =>
    page.evaluate(`(() => { const at = document.activeElement; return at.id || at.dataset.name || at.tagName; })()`);

  const inView = (id: string): Promise<boolean> =>
    page.evaluate(
      `(() => { const { top, bottom } = document.getElementById('${id}').getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; })()`,
    );

  const texts = (selector: string): Promise<string[]> => page.locator(selector).allTextContents();

  test('pasted lines get labels, methods, confidence, templates and a summary', async () => {
    await paste('disk 17 is full\nlogin of eve\nhm\n');
    await page.waitForSelector('#download:not([hidden])');
    expect(await texts('#rows .message')).toEqual(['disk 17 is full', 'login of eve', 'hm']);
    expect(await texts('#rows .chip')).toEqual(['storage', 'auth_failure', 'Unclassified']);
    expect(await texts('#rows td.confidence')).toEqual(['1.00', '1.00', '0.00']);
    expect(await texts('#rows .template')).toEqual(['disk <num> is full']);
    expect(await texts('#labels .name')).toEqual(['storage', 'auth_failure', 'Unclassified']);
    expect(await texts('#methods .count')).toEqual(['2 · 66.7 %', '1 · 33.3 %']);
    expect(await page.textContent('#state')).toContain('3 rows');
    expect(noises).toEqual([]);
  });

  test('a label chosen in the plot shows its rows alone', async () => {
    await paste('disk a\nlogin\ndisk b\n');
    await page.click('#labels .bar[data-name="storage"]');
    expect(await texts('#rows .message')).toEqual(['disk a', 'disk b']);
    await page.click('#all');
    expect(await texts('#rows .message')).toEqual(['disk a', 'login', 'disk b']);
  });

  test('an uploaded CSV of many slices comes back whole, in order and with its own columns', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => `${n},"disk ""${n}"",\nsecond line, of ${n}"`);
    await choose('events.csv', `id,message\n${rows.join('\n')}\n`);
    const { name, text } = await download();
    expect(name).toBe('events-labelled.csv');
    expect(text).toBe(`id,message,label,confidence,method\n${rows.map((row) => `${row},storage,1,regex\n`).join('')}`);
    expect(await page.textContent('#shown')).toContain('of 30,000 rows');
    expect(await page.getAttribute('#progress', 'value')).toBe('1');
  });

  test('raw lines of many slices are numbered through; gzip is undone; bytes survive', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => `login "number ${n} é`);
    await choose('app.log.gz', gzipSync(`${lines.join('\n')}\n`));
    const { name, text } = await download();
    expect(name).toBe('app-labelled.csv');
    const last = text.trimEnd().split('\n').at(-1);
    expect(last).toBe('40000,"login ""number 39999 é",auth_failure,1,regex');
    expect(text.split('\n').length).toBe(40_002);
  });

  test('a file that is dropped is labelled', async () => {
    const data = await page.evaluateHandle(
      `(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['disk\\n'], 'dropped.log'));
        return transfer;
      })()`,
    );
    await page.dispatchEvent('body', 'drop', { dataTransfer: data });
    expect((await download()).name).toBe('dropped-labelled.csv');
  });

  test('progress shows while rows are still to come, and Stop ends the run', async () => {
    const stage = heldStage();
    await page.context().close();
    await server.close();
    server = await startServer({ stages: [stage] });
    page = await openPage();
    await paste('a\nb\n');
    await page.waitForSelector('#stop:not([hidden])');
    await page.click('#stop');
    await expect.poll(() => page.textContent('#state')).toContain('Stopped');
    await expect.poll(stage.aborted).toBeGreaterThan(0);
    expect(await page.isVisible('#error')).toBe(false);
  });

  test('what is wrong with an input is told with the way out', async () => {
    await page.click('summary');
    await page.fill('#column', 'mesage');
    await choose('events.csv', 'id,message\n1,x\n');
    await page.waitForSelector('#error:not([hidden])');
    expect(await page.textContent('#error')).toContain('no column "mesage"');
    expect(await page.textContent('#error')).toContain(
      'Did you mean "message"? Choose one with the field Message column.',
    );
    expect(await page.isVisible('#run')).toBe(false); // nothing came of it
    expect(await focused()).toBe('column');
  });

  test('the keyboard alone labels, chooses a label and downloads', async () => {
    await page.focus('#lines');
    await page.keyboard.type('disk');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('#download:not([hidden])');
    const reached: string[] = [];
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
      const outline = await page.evaluate(
        `(() => { const at = document.activeElement; return getComputedStyle(at.type === 'file' ? at.parentElement : at).outlineStyle; })()`,
      );
      expect(outline).toBe('solid');
    }
    expect(reached).toEqual(['label', 'file', 'example', 'SUMMARY', 'download', 'storage']);
    await page.focus('#labels .bar');
    await page.keyboard.press('Space');
    expect(await page.getAttribute('#labels .bar', 'aria-pressed')).toBe('true');
    expect(await focused()).toBe('storage');
  });

  test('nothing moves for readers who want no motion', async () => {
    const durations = (): Promise<string> =>
      page.evaluate(`getComputedStyle(document.querySelector('#confidence span')).transitionDuration`);
    await paste('disk');
    await page.waitForSelector('#download:not([hidden])');
    expect(await durations()).toContain('0.2s');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await durations()).toBe('0s');
  });

  test('nothing pasted is told, too', async () => {
    await page.click('#label');
    expect(await page.textContent('#error')).toContain('nothing to label');
  });

  test('where a token is demanded, the page asks for it', async () => {
    await page.context().close();
    await server.close();
    server = await startServer({ guard: { token: 's3cret' } });
    page = await openPage();
    await paste('disk');
    await page.waitForSelector('#error:not([hidden])');
    expect(await page.isVisible('#token')).toBe(true);
    await page.fill('#token', 's3cret');
    await paste('disk');
    await page.waitForSelector('#download:not([hidden])');
    expect(await texts('#rows .chip')).toEqual(['storage']);
  });

  test('100 payloads of markup and script are shown as the text they are', async () => {
    expect(xssPayloads.length).toBe(100);
    await page.context().close();
    await server.close();
    // Also as labels and rules, which users name.
    const echo = (text: string): Verdict => ({ label: text, confidence: 1, method: 'regex', rule: text });
    const stage: Stage = { name: 'regex', reads: 'text', classify: async (messages) => messages.map(echo) };
    server = await startServer({ stages: [stage] });
    page = await openPage();
    await page.evaluate(() => Object.assign(globalThis, { xss: 0 }));
    await paste(xssPayloads.join('\n'));
    await page.waitForSelector('#download:not([hidden])');
    await page.waitForTimeout(300);
    const shown = await texts('#rows .message');
    expect(shown).toEqual(xssPayloads);
    expect(new Set(await texts('#labels .name'))).toEqual(new Set(xssPayloads));
    expect(await page.evaluate(() => (globalThis as unknown as { xss: number }).xss)).toBe(0);
    const made =
      '#rows :is(script, img, svg, iframe, a, form, input, style, link, object, embed, video, audio, math, [onerror], [onload])';
    expect(await page.locator(made).count()).toBe(0);
    expect(noises).toEqual([]);
    expect(page.url()).toBe(`${server.url}/`);
  });

  test.each([
    [1280, 900],
    [768, 1024],
    [360, 740],
    [320, 640],
  ])('at %d × %d nothing runs out of the page, and every control has a name', async (width, height) => {
    await page.setViewportSize({ width, height });
    await paste(`disk ${'x'.repeat(3000)}\nlogin\n`);
    await page.waitForSelector('#download:not([hidden])');
    const { wide, nameless } = await page.evaluate<{ wide: number; nameless: string[] }>(
      `({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        nameless: [...document.querySelectorAll('button, a, input, textarea, progress')]
          .filter((control) => !control.textContent.trim() && !control.labels?.length && !control.ariaLabel)
          .map((control) => control.outerHTML),
      })`,
    );
    expect({ wide, nameless }).toEqual({ wide: 0, nameless: [] });
    expect(await inView('run')).toBe(true);
  });

  test('the documentation sends a request', async () => {
    await page.goto(`${server.url}/docs`);
    await page.fill('#body-classify', '{"log_text":"disk"}');
    await page.click('#classify form.try button');
    await expect.poll(() => page.textContent('#classify .answer')).toContain('"label": "storage"');
    expect(noises).toEqual([]);
  });
});
