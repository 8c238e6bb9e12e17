import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Command } from '../../src/cli/command.ts';
import { CliFailure } from '../../src/cli/failure.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { recordedShell } from './support/shell.ts';

type Ran = {
  exitCode: number;
  out: string[];
  err: string[];
  values: Record<string, string | undefined> | null;
};

const run = async (...args: string[]): Promise<Ran> => {
  const { shell, out, err } = recordedShell();
  const ran: Ran = { exitCode: -1, out, err, values: null };
  const first: Command = {
    options: {
      insecure: { kind: 'boolean', description: 'a switch' },
      from: { kind: 'text', placeholder: 'instant', description: 'a text', default: 'now' },
    },
    async run(values) {
      ran.values = values;
      return 0;
    },
  };
  const failing: Command = {
    options: {},
    run: async () => {
      throw new CliFailure(1, ['PORT=1: is taken', 'HOST=x: is nowhere']);
    },
  };
  ran.exitCode = await runCommandLine(
    args,
    [
      { name: 'serve', summary: 'the default', load: async () => first },
      { name: 'fail', summary: 'fails', load: async () => failing },
    ],
    shell,
  );
  return ran;
};

describe('the command line', () => {
  it('runs the first command where none is named', async () => {
    expect((await run()).values).toEqual({});
    expect((await run('--insecure')).values).toEqual({ insecure: 'true' });
    expect((await run('serve', '--from', '2026-01-01', '--insecure')).values).toEqual({
      from: '2026-01-01',
      insecure: 'true',
    });
  });

  it('prints its version', async () => {
    expect(await run('--version')).toMatchObject({ exitCode: 0, out: [packageJson.version] });
  });

  it('prints every command and every setting as help', async () => {
    const { exitCode, out, values } = await run('--help');
    const text = out.join('\n');
    expect([exitCode, values]).toEqual([0, null]);
    for (const word of ['serve', 'fail', 'RTA_UPSTREAM_URL', 'RTA_PASSWORD_FILE', 'LOG_FORMAT']) {
      expect(text).toContain(word);
    }
  });

  it('prints the options of one command, with their defaults', async () => {
    const { exitCode, out, values } = await run('serve', '--help');
    expect([exitCode, values]).toEqual([0, null]);
    expect(out.join('\n')).toMatch(/--from <instant>\s+a text \(now\)/);
  });

  it.each([
    ['an unknown command', ['serv'], /^rta-gateway: there is no command serv; there are serve, fail$/],
    ['an unknown option', ['serve', '--form', 'x'], /^rta-gateway serve: Unknown option '--form'/],
    [
      'an option without its value',
      ['serve', '--from'],
      /^rta-gateway serve: Option '--from <value>' argument missing/,
    ],
    [
      'a value for a switch',
      ['serve', '--insecure=yes'],
      /^rta-gateway serve: Option '--insecure' does not take an argument/,
    ],
    ['a stray word', ['serve', 'now'], /^rta-gateway serve: Unexpected argument 'now'/],
  ])('answers %s with one line and exit code 2', async (_what, args, expected) => {
    const { exitCode, out, err, values } = await run(...args);
    expect([exitCode, out, err.length, values]).toEqual([2, [], 1, null]);
    expect(err[0]).toMatch(expected);
    expect(err[0]).not.toContain('\n');
  });

  it('tells what the user can mend line by line, with the exit code of the failure', async () => {
    expect(await run('fail')).toMatchObject({
      exitCode: 1,
      out: [],
      err: ['PORT=1: is taken', 'HOST=x: is nowhere'],
    });
  });
});
