import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchFloor } from '../../docs/examples/plain.ts';
import { startServer } from '../server/support/startServer.ts';
import { createScriptedFloor } from './support/scriptedFloor.ts';

const docs = join(import.meta.dirname, '../../docs');

test.each(['plain.ts', 'useFloor.tsx'])('the page shows %s as it is', (name) => {
  expect(readFileSync(join(docs, 'client.md'), 'utf8')).toContain(
    readFileSync(join(docs, 'examples', name), 'utf8').trimEnd(),
  );
});

test('the plain example draws the floor, and says why it was refused', async () => {
  const script = createScriptedFloor();
  const { url } = await startServer({ schema: script.schema });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const drawn: string[][] = [];
  const watched = watchFloor(
    `${url.replace(/^http/, 'ws')}/graphql`,
    (lines) => drawn.push(lines),
    stop.signal,
  );
  await expect.poll(() => script.asked.length).toBe(1);
  script.push({
    phase: 'SNAPSHOT_END',
    cursor: 'c1',
    changes: [{ kind: 'ENTERED', agentId: 'ann', state: 'IDLE' }],
  });
  await expect.poll(() => drawn.at(-1)).toEqual(['1 agents, read up to nothing yet', 'ann: IDLE since null']);
  script.push({ phase: 'HEARTBEAT', cursor: 'c2', health: 'UNREACHABLE' });
  await expect.poll(() => drawn.at(-1)).toContain('STALE');
  script.end('FORBIDDEN');
  await watched;
  expect(drawn.at(-1)).toEqual(['refused, FORBIDDEN: ended: FORBIDDEN']);
});
