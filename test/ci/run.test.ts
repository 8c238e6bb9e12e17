import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const script = join(import.meta.dirname, '../../.ci/run');

const report = (passed: number, failed: number, brokenFiles = 0) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: Array.from({ length: brokenFiles }, () => ({ status: 'failed', assertionResults: [] })),
  });

/** `.ci/run` in a checkout whose npm does as it is told: which steps fail, and what vitest reports (null: nothing). */
const run = (failing: readonly string[], reported: string | null) => {
  const checkout = mkdtempSync(join(tmpdir(), 'ci-run-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  const bin = join(checkout, 'bin');
  for (const folder of [bin, join(checkout, '.ci')]) mkdirSync(folder);
  cpSync(script, join(checkout, '.ci/run'));
  writeFileSync(join(checkout, 'report.json'), reported ?? '');
  const cases = failing.map((args) => `"${args}") exit 1 ;;`).join(' ');
  const npm = `[ "$1" = test ] && cat report.json > "$TEST_REPORT"\ncase "$*" in ${cases} *) exit 0 ;; esac`;
  for (const [name, body] of [
    ['npm', npm],
    ['chromium', 'exit 0'],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const path = [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const { status, stdout } = spawnSync('bash', ['.ci/run'], {
    cwd: checkout,
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
};

const INSTALL = 'ci --no-audit --no-fund';

describe('the last line of .ci/run', () => {
  it.each([
    ['all is well', [], report(12, 0), 0, '12 passed, 0 failed'],
    ['a check failed', ['run --silent lint'], report(12, 0), 1, '12 passed, 1 failed'],
    [
      'two checks failed',
      ['run --silent lint', 'run --silent typecheck'],
      report(12, 0),
      1,
      '12 passed, 2 failed',
    ],
    ['tests failed', ['test'], report(10, 2), 1, '10 passed, 2 failed'],
    ['a test file cannot be loaded', ['test'], report(10, 0, 1), 1, '10 passed, 1 failed'],
    ['vitest failed with no test', ['test'], report(12, 0), 1, '12 passed, 1 failed'],
    ['a check and tests failed', ['run --silent lint', 'test'], report(10, 2), 1, '10 passed, 3 failed'],
    ['ten tests failed', ['test'], report(2, 10), 1, '2 passed, 10 failed'],
    ['vitest is content and left no report', [], null, 1, '0 passed, 1 failed'],
    ['vitest left no report', ['test'], null, 1, '0 passed, 1 failed'],
    ['nothing can be installed', [INSTALL], null, 1, '0 passed, 1 failed'],
  ] as const)('counts every failure: %s', (_what, failing, reported, status, lastLine) => {
    expect(run(failing, reported)).toEqual({ status, lastLine });
  });
});
