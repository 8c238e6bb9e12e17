import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** What a process of its own writes: the log goes to its standard error, past this one's. */
const logged = async (format: 'json' | 'pretty', level: string, script: string) => {
  const source = `
    import { createLogger } from ${JSON.stringify(new URL('../../src/observability/index.ts', import.meta.url).href)};
    const log = createLogger({ level: '${level}', format: '${format}' });
    ${script}
  `;
  return run(process.execPath, ['--input-type=module-typescript', '--eval', source]);
};

describe('the log', () => {
  it('is one JSON object a line on standard error, and nothing on standard output', async () => {
    const { stdout, stderr } = await logged(
      'json',
      'info',
      `log.info({ records: 3 }, 'read'); log.debug({}, 'no');`,
    );
    expect(stdout).toBe('');
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 30, records: 3, msg: 'read' });
    expect(lines[0].time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('is readable for people where asked', async () => {
    const { stderr } = await logged('pretty', 'info', `log.warn({ port: 4000 }, 'careful');`);
    expect(stderr).toContain('careful');
    expect(stderr).toContain('4000');
    expect(() => JSON.parse(stderr)).toThrow();
  });

  it.each(['json', 'pretty'] as const)('shows no credentials in %s', async (format) => {
    const { stderr } = await logged(
      format,
      'info',
      `log.info({
        password: 'hunter2',
        upstream: { password: 'hunter2', url: 'https://a.test' },
        headers: { authorization: 'Basic aHVudGVyMg==' },
        request: { headers: { authorization: 'Basic aHVudGVyMg==', 'x-api-key': 'hunter2' } },
        err: Object.assign(new Error('refused'), { request: { headers: { authorization: 'hunter2' } } }),
        tenants: [{ upstream: { password: 'hunter2' } }],
      }, 'asked');
      log.child({ upstream: { password: 'hunter2' } }).info({}, 'asked again');`,
    );
    expect(stderr).toContain('https://a.test');
    expect(stderr).toContain('[secret]');
    expect(stderr).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('is empty when silenced', async () => {
    expect((await logged('json', 'silent', `log.error({}, 'lost');`)).stderr).toBe('');
  });
});
