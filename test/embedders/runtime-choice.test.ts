import { expect, test } from 'vitest';
import { chooseRuntime, type LoadedOrt, type LoadOrt } from '../../src/embedders/runtime-choice.ts';
import { isSupported } from '../../src/embedders/runtime-installed.ts';

const loads =
  (version: string): LoadOrt =>
  async () =>
    ({ version, provider: 'cpu', ort: {} as LoadedOrt['ort'] }) satisfies LoadedOrt;
const fails =
  (message: string): LoadOrt =>
  async () =>
    Promise.reject(new Error(message));

test('the installed runtime comes first, and no other is loaded', async () => {
  const asked: string[] = [];
  const asks =
    (name: string, load: LoadOrt): LoadOrt =>
    () => (asked.push(name), load());
  const runtime = await chooseRuntime({
    installed: asks('installed', loads('1.27.0')),
    packed: asks('packed', loads('1.26.0')),
    wasm: asks('wasm', loads('1.25.0')),
  });
  expect(runtime).toMatchObject({ kind: 'installed', version: '1.27.0', passedOver: [] });
  expect(asked).toEqual(['installed']);
});

test('what does not load is passed over with its reason in one line', async () => {
  const runtime = await chooseRuntime({
    installed: fails('not installed'),
    packed: fails('needs glibc.\nRequire stack: ...'),
    wasm: loads('1.27.0'),
  });
  expect(runtime.kind).toBe('wasm');
  expect(runtime.passedOver).toEqual([
    { kind: 'installed', why: 'not installed' },
    { kind: 'packed', why: 'needs glibc' },
  ]);
});

test('none is chosen when no one loads', async () => {
  const runtime = await chooseRuntime({ installed: fails('a'), packed: fails('b'), wasm: fails('c') });
  expect(runtime.kind).toBe('none');
  expect(runtime.passedOver.map(({ why }) => why)).toEqual(['a', 'b', 'c']);
});

test.each([
  ['1.27.0', true],
  ['1.20.1', true],
  ['1.28.0-dev.20260624', true],
  ['1.19.2', false],
  ['1.29.0', false],
  ['2.0.0', false],
  ['odd', false],
])('onnxruntime-node %s is used: %s', (version, used) => {
  expect(isSupported(version)).toBe(used);
});
