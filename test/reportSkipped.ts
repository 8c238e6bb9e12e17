import type { Reporter, TestCase, TestModule } from 'vitest/node';

const suiteOf = (test: TestCase): string => {
  const { parent } = test;
  return parent.type === 'suite' ? parent.fullName : test.fullName;
};

const noteOf = (test: TestCase): string => {
  const result = test.result();
  return result.state === 'skipped' && result.note ? ` (${result.note})` : '';
};

/** Says at the very end which suites did not run: a suite that is skipped silently is one that nobody misses. */
export const reportSkipped = (print: (line: string) => void): Reporter => ({
  onTestRunEnd(modules: readonly TestModule[]) {
    const skipped = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const suite = `${module.relativeModuleId}: ${suiteOf(test)}${noteOf(test)}`;
        skipped.set(suite, (skipped.get(suite) ?? 0) + 1);
      }
    }
    const lines = [...skipped].map(
      ([suite, count]) => `  ${suite}, ${count} ${count === 1 ? 'test' : 'tests'}`,
    );
    print(lines.length === 0 ? 'Skipped: nothing.' : ['Skipped:', ...lines].join('\n'));
  },
});
