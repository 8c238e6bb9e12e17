import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../e2e/support/program.ts';
import { chromiumPath, launchChromium, openPage } from '../server/browser/chromium.ts';
import { startServer } from '../server/support/startServer.ts';
import { createScriptedFloor } from './support/scriptedFloor.ts';

const root = join(import.meta.dirname, '../..');

/** A project that has the package as npm would install it: what `npm pack` would take, and no symbolic link to here. */
const consumer = (): string => {
  const folder = temporaryFolder();
  const installed = join(folder, 'node_modules/rta-gateway');
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--silent'], { cwd: root, encoding: 'utf8' }),
  ) as [{ files: { path: string }[] }];
  const wanted = files.filter(({ path }) => path === 'package.json' || path.startsWith('web/dist/client/'));
  expect(wanted.length).toBeGreaterThan(5);
  for (const { path } of wanted) cpSync(join(root, path), join(installed, path));
  for (const dependency of ['graphql-ws', 'graphql']) {
    symlinkSync(join(root, 'node_modules', dependency), join(folder, 'node_modules', dependency));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
};

const BOARD = {
  phase: 'SNAPSHOT_END',
  cursor: 'c1',
  changes: [{ kind: 'ENTERED', agentId: 'ann', state: 'IDLE' }],
} as const;

test('another package imports rta-gateway/client, and it follows a floor there', async () => {
  const script = createScriptedFloor();
  const { url } = await startServer({ schema: script.schema });
  const folder = consumer();
  writeFileSync(
    join(folder, 'watch.js'),
    `import { followFloor } from 'rta-gateway/client';
     for await (const { statuses, cursor } of followFloor({ url: process.argv[2] })) {
       console.log(JSON.stringify([cursor, [...statuses.keys()]]));
       break;
     }`,
  );
  const child = spawn(process.execPath, ['watch.js', `${url.replace(/^http/, 'ws')}/graphql`], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let printed = '';
  child.stdout.on('data', (text) => {
    printed += text;
  });
  await expect.poll(() => script.asked.length, { timeout: 10_000 }).toBe(1);
  script.push(BOARD);
  await expect.poll(() => printed.trim(), { timeout: 10_000 }).toBe('["c1",["ann"]]');
});

test('its types are found there too', () => {
  const folder = consumer();
  mkdirSync(join(folder, 'src'));
  writeFileSync(
    join(folder, 'src/watch.ts'),
    `import { followFloor, type FloorView, StreamRefusedError } from 'rta-gateway/client';
     export const cursorOf = (view: FloorView<unknown>): string => view.cursor;
     export const floor = followFloor({ url: 'ws://127.0.0.1/graphql' });
     // @ts-expect-error: a view has no such attribute
     export const wrong = (view: FloorView<unknown>) => view.nothing;
     export const isRefusal = (error: unknown) => error instanceof StreamRefusedError && error.code === 'FORBIDDEN';`,
  );
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--lib',
    'es2024,dom',
  ];
  execFileSync(join(root, 'node_modules/.bin/tsc'), [...options, 'src/watch.ts'], {
    cwd: folder,
    stdio: 'inherit',
  });
});

test.skipIf(!chromiumPath)(
  `the React example shows the floor in a browser, and goes on where it was after a restart of the server${chromiumPath ? '' : ' (skipped: no chromium found)'}`,
  async () => {
    const bundle = await build({
      stdin: {
        contents: `import { createRoot } from 'react-dom/client';
          import { Wallboard } from './useFloor.tsx';
          const main = document.createElement('main');
          document.body.append(main);
          const url = location.origin.replace('http', 'ws') + '/graphql';
          createRoot(main).render(<Wallboard url={url} />);`,
        resolveDir: join(root, 'docs/examples'),
        loader: 'tsx',
      },
      bundle: true,
      write: false,
      format: 'iife',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const script = createScriptedFloor();
    const first = await startServer({ schema: script.schema });
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const { page } = await openPage(browser, first.url);
    page.setDefaultTimeout(10_000);
    await page.goto(`${first.url}/livez`);
    await page.evaluate(bundle.outputFiles[0]!.text);
    await expect.poll(() => script.asked.length, { timeout: 10_000 }).toBe(1);
    script.push(BOARD);
    await page.getByText('ann: IDLE').waitFor();

    await first.drain();
    await startServer({ schema: script.schema, settings: { port: Number(new URL(first.url).port) } });
    await expect.poll(() => script.asked.length, { timeout: 15_000 }).toBeGreaterThan(1);
    expect(script.asked.at(-1)).toMatchObject({ after: 'c1', snapshot: false });
    script.push({
      phase: 'LIVE',
      cursor: 'c2',
      changes: [
        { kind: 'LEFT', agentId: 'ann' },
        { kind: 'ENTERED', agentId: 'bob', state: 'BUSY' },
      ],
    });
    await page.getByText('bob: BUSY').waitFor();
    expect(await page.getByText('ann:').count()).toBe(0);
  },
);
