import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { closingLine } from './helpers/closing-line.ts';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    reporters: ['default', closingLine],
    pool: 'forks', // worker threads break ONNX Runtime's tensors
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
