import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with `N passed, N failed, N skipped`, alone on a line, for people and scripts that read the end only. */
export const closingLine: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors) {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') counts[state] += 1;
      }
    }
    const text = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    process.on('exit', () => process.stdout.write(`\n${text}\n`)); // after the default reporter's own summary
  },
};
