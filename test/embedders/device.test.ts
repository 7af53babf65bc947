import { expect, test } from 'vitest';
import { openOnDevice, worthTrying, type Provider } from '../../src/embedders/device.ts';
import { LogiqError } from '../../src/errors.ts';

/** Opens what works and takes note of what was tried. */
function machine(...works: readonly Provider[]): { tried: Provider[]; open: (provider: Provider) => Promise<string> } {
  const tried: Provider[] = [];
  return {
    tried,
    open: async (provider) => {
      tried.push(provider);
      if (!works.includes(provider)) throw new Error(`no ${provider} here\nat native code`);
      return `session on ${provider}`;
    },
  };
}

test('auto takes the first that works and says which', async () => {
  const { tried, open } = machine('webgpu', 'cpu');
  const opened = await openOnDevice('auto', 'cpu', new Set(['cpu', 'cuda', 'webgpu']), open);
  expect(opened).toEqual({ session: 'session on webgpu', provider: 'webgpu' });
  expect(tried).toEqual(['cuda', 'webgpu']);
});

test('auto without any provider is the CPU, and tries nothing that the runtime lacks', async () => {
  const { tried, open } = machine('cpu');
  expect((await openOnDevice('auto', 'cpu', new Set(['cpu']), open)).provider).toBe('cpu');
  expect(tried).toEqual(['cpu']);
});

test('auto leaves WebGPU out where there is no graphics device; who asks for it gets it tried', () => {
  const all = ['cpu', 'webgpu', 'cuda'];
  expect([...worthTrying('auto', all, false)]).toEqual(['cpu', 'cuda']);
  expect([...worthTrying('auto', all, true)]).toEqual(all);
  expect([...worthTrying('webgpu', all, false)]).toEqual(all);
});

test('on the WebAssembly runtime the CPU is wasm', async () => {
  expect((await openOnDevice('cpu', 'wasm', new Set(), machine('wasm').open)).provider).toBe('wasm');
  expect((await openOnDevice('auto', 'wasm', new Set(), machine('wasm').open)).provider).toBe('wasm');
});

test.each([
  [new Set(['cpu', 'cuda']), 'does not work here: no cuda here'],
  [new Set(['cpu']), 'is not in this build of ONNX Runtime (cpu)'],
])('an explicit choice never falls back', async (available, message) => {
  const { tried, open } = machine('cpu');
  await expect(openOnDevice('cuda', 'cpu', available, open)).rejects.toMatchObject({
    code: 'E_EMBEDDER',
    message: expect.stringContaining(message) as unknown,
  });
  expect(tried).not.toContain('cpu');
});

test('the reason is what the runtime says, not how it was wrapped', async () => {
  const runtime = new Error(
    '/onnxruntime_src/webgpu_context.cc:65 Init(const Config&) status == Ok was false. No adapter',
  );
  const open = (): Promise<string> =>
    Promise.reject(new LogiqError('E_EMBEDDER', 'refused', undefined, { cause: runtime }));
  await expect(openOnDevice('webgpu', 'cpu', new Set(['webgpu']), open)).rejects.toThrow(
    /^The device "webgpu" does not work here: No adapter$/,
  );
});
