import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Needs a package registry, so it is no part of `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    pool: 'forks',
    include: ['test/package/*.proof.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
