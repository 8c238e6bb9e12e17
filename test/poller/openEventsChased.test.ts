import { expect, test } from 'vitest';
import { BEGIN_MS, createScene, HOUR_MS, MINUTE_MS } from './scene.ts';
import { recordAt } from './scriptedUpstream.ts';

const startMs = BEGIN_MS - 20 * MINUTE_MS;
const open = recordAt(startMs);

/** An agent's last event, long behind what every reading of the present covers, stands open and is closed in place. */
const sceneWithOpenEvent = () => createScene({ script: { rows: [{ record: open, visibleMs: startMs }] } });
type Scene = ReturnType<typeof sceneWithOpenEvent>;

const close = (scene: Scene) => {
  const record = { ...open, endMs: scene.server.serverNowMs() };
  scene.server.script.rows = [{ record, visibleMs: startMs }];
};
const heldEndMs = (scene: Scene) => scene.log.records.get(open.eventId)?.endMs ?? null;

test('an event that is closed in place is seen closed within minutes, or its agent would stay on every wallboard', async () => {
  const scene = sceneWithOpenEvent();
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  close(scene);
  // The next re-read that its age calls for is half an hour away.
  await scene.clock.advance(4 * MINUTE_MS);
  await run.stop();
  expect(heldEndMs(scene)).not.toBeNull();
});

test('a restart does not forget which events stood open', async () => {
  const scene = sceneWithOpenEvent();
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  await run.stop();
  close(scene);
  const again = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  await again.stop();
  expect(heldEndMs(scene)).not.toBeNull();
});

test('of more open events than there is time for, the youngest are looked at', async () => {
  // Ten minutes apart, so that no request reaches two of them: 30 a minute are what the allowance is for.
  const starts = Array.from({ length: 400 }, (_, i) => BEGIN_MS - (i + 1) * 10 * MINUTE_MS);
  const record = (atMs: number) => recordAt(atMs, { agentId: `agent of ${atMs}` });
  const scene = createScene({
    settings: { backfillMs: 68 * HOUR_MS },
    script: { rows: starts.map((atMs) => ({ record: record(atMs), visibleMs: atMs })) },
  });
  const run = scene.start();
  await scene.clock.advance(10 * MINUTE_MS);
  const before = scene.server.requests.length;
  await scene.clock.advance(5 * MINUTE_MS);
  await run.stop();
  const youngest = starts[1]!;
  const looks = scene.server.requests
    .slice(before)
    .filter(({ fromMs, toMs }) => toMs - fromMs < 10_000 && fromMs <= youngest && youngest < toMs);
  expect(looks.length).toBeGreaterThanOrEqual(1);
});

test('a late record that a narrow look finds has its neighbourhood read again at once', async () => {
  const lateMs = startMs + 300;
  const otherMs = startMs + 3 * MINUTE_MS;
  const visibleMs = BEGIN_MS + 5 * MINUTE_MS;
  const late = [lateMs, otherMs].map((atMs) => ({
    record: recordAt(atMs, { endMs: atMs + 1_000 }),
    visibleMs,
  }));
  const scene = sceneWithOpenEvent();
  scene.server.script.rows = [{ record: open, visibleMs: startMs }, ...late];
  const run = scene.start();
  await scene.clock.advance(5 * MINUTE_MS);
  expect(scene.log.records.size).toBe(1);
  // Half an hour before the next re-read that their age calls for.
  await scene.clock.advance(5 * MINUTE_MS);
  await run.stop();
  expect(scene.log.records.has(late[0]!.record.eventId)).toBe(true);
  expect(scene.log.records.has(late[1]!.record.eventId)).toBe(true);
});
