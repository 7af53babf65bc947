import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    pool: 'forks', // worker threads break ONNX Runtime's tensors
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
