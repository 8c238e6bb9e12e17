import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMirrorReader, type MirrorReader } from '../../../src/mirror/index.ts';
import type { GatewayContext } from '../../../src/schema/index.ts';
import { openFollower } from '../../fixtures/follower.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { openMirrorFile, temporaryFolder } from '../../mirror/support/mirrorFile.ts';
import { record, settled } from '../../mirror/support/records.ts';
import { busyFloor } from './busyFloor.ts';
import { codeOf, EVENT_CHANGES, follow, pullAll, STATE_CHANGES, TRANSFER_CHANGES } from './follow.ts';

let gateway: Gateway;
const disposals: (() => void)[] = [];
beforeEach(() => {
  gateway = openGateway();
});
afterEach(() => {
  gateway.dispose();
  for (const dispose of disposals.splice(0)) dispose();
});

const cursorNow = async () =>
  (await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }')).mirror
    .streamCursor;
const grow = async (seed: number, frames = 10) => {
  for (const frame of busyFloor(seed, frames)) await gateway.mirror.append(frame);
};
const forgetChanges = () =>
  gateway.mirror.writer.prune({
    nowMs: Date.UTC(2100, 0, 1),
    eventRetentionMs: Number.MAX_SAFE_INTEGER,
    changeRetentionMs: 1_000,
    maxRows: 100_000,
  });
const over = (reader: MirrorReader): GatewayContext => {
  const context = gateway.context();
  return { ...context, tenant: { ...context.tenant, mirror: reader } };
};
/** The code that the subscription is refused with. */
const refusal = async (document: string, variables: object, context?: GatewayContext): Promise<unknown> => {
  try {
    await follow(gateway, document, { ...variables }, context);
  } catch (thrown) {
    return codeOf(thrown);
  }
  return 'NOT REFUSED';
};

describe.each([
  ['stateChanges', STATE_CHANGES],
  ['eventChanges', EVENT_CHANGES],
  ['transferChanges', TRANSFER_CHANGES],
])('%s refuses a cursor', (_name, document) => {
  test('that the log no longer reaches back to: STREAM_CURSOR_EXPIRED', async () => {
    const after = await cursorNow();
    await grow(1);
    forgetChanges();
    expect(await refusal(document, { after })).toBe('STREAM_CURSOR_EXPIRED');
    expect(await refusal(document, { after: await cursorNow() })).toBe('NOT REFUSED');
  });

  test('that a mirror put back from a copy has not reached yet: STREAM_CURSOR_FUTURE', async () => {
    await grow(1, 4);
    gateway.mirror.writer.checkpoint();
    const { folder, dispose } = temporaryFolder();
    const copy = join(folder, 'older.db');
    copyFileSync(gateway.mirror.file, copy);
    const older = createMirrorReader(copy);
    disposals.push(() => older.close(), dispose);
    const known = await cursorNow();
    await grow(2, 4);
    expect(await refusal(document, { after: await cursorNow() }, over(older))).toBe('STREAM_CURSOR_FUTURE');
    expect(await refusal(document, { after: known }, over(older))).toBe('NOT REFUSED');
  });

  test('of a mirror that was rebuilt since: STREAM_CURSOR_EXPIRED, as a snapshot is what helps', async () => {
    await grow(1);
    const rebuilt = openMirrorFile({ randomBytes: (size) => Buffer.alloc(size, 9) });
    const reader = createMirrorReader(rebuilt.file);
    disposals.push(() => reader.close(), rebuilt.dispose);
    expect(await refusal(document, { after: await cursorNow() }, over(reader))).toBe('STREAM_CURSOR_EXPIRED');
  });

  test('that was touched or made up: CURSOR_MALFORMED', async () => {
    await grow(1);
    const cursor = await cursorNow();
    const forged = Buffer.from(cursor, 'base64url')
      .toString('latin1')
      .replace(/\d+\]$/, '1]');
    const [page] = (
      await gateway.ask<{ events: { edges: { cursor: string }[] } }>(
        '{ events(first: 1) { edges { cursor } } }',
      )
    ).events.edges;
    const wrong = ['', 'nonsense', `${cursor}A`, `${cursor}=`, cursor.toUpperCase(), page!.cursor];
    for (const after of [...wrong, Buffer.from(forged, 'latin1').toString('base64url')]) {
      expect(await refusal(document, { after }), after).toBe('CURSOR_MALFORMED');
    }
  });
});

describe('a stream', () => {
  test('beats at least every 15 seconds of quiet, and not before', async () => {
    const stream = await openFollower(gateway, STATE_CHANGES);
    for (let beat = 0; beat < 3; beat++) {
      stream.ask();
      // A look a second: the one after 14 s would else be followed by one too late.
      await gateway.clock.advance(13_900);
      expect(stream.waiting()).toEqual([]);
      await gateway.clock.advance(1_000);
      expect(await stream.next()).toMatchObject({ data: { batches: { phase: 'HEARTBEAT', changes: [] } } });
    }
    expect(gateway.clock.monotonicMs()).toBeLessThanOrEqual(45_000);
  });

  test('moves its cursor on past changes that are not its own', async () => {
    const stream = await follow(gateway, STATE_CHANGES, { filter: { agentId: { in: [] } } });
    await grow(3);
    const { cursor, phase } = await stream.next();
    expect(phase).toBe('HEARTBEAT');
    expect(cursor).toBe(await cursorNow());
    forgetChanges();
    expect(await pullAll(gateway, cursor)).toEqual([]);
  });

  test('that slept for longer than the log is kept ends with STREAM_CURSOR_EXPIRED, not with a hole', async () => {
    await grow(1);
    const stream = await follow(gateway, STATE_CHANGES, { snapshot: true });
    await stream.until('SNAPSHOT_END');
    await grow(2);
    forgetChanges();
    await expect(stream.next().catch(codeOf)).resolves.toBe('STREAM_CURSOR_EXPIRED');
  });

  test('of a draining server ends with SERVER_DRAINING and a cursor that loses nothing', async () => {
    const start = await cursorNow();
    const draining = new AbortController();
    const context = gateway.context();
    const stream = await follow(
      gateway,
      STATE_CHANGES,
      { after: start, batchSize: 3 },
      { ...context, tenant: { ...context.tenant, draining: draining.signal } },
    );
    await grow(5);
    const { changes } = await stream.next();
    draining.abort();
    const ended = await stream.next().catch((thrown: unknown) => thrown);
    expect(codeOf(ended)).toBe('SERVER_DRAINING');
    // A GraphQL error, by its code.
    const { cursor } = (ended as { extensions: { cursor: string } }).extensions;
    expect([...changes, ...(await pullAll(gateway, cursor))]).toEqual(await pullAll(gateway, start));
  });

  test('whose consumer is gone ends without a word', async () => {
    const gone = new AbortController();
    const source = await follow(gateway, STATE_CHANGES, {}, { ...gateway.context(), signal: gone.signal });
    const pending = source.next().catch((thrown: unknown) => thrown);
    gone.abort();
    expect(await pending).toMatchObject({ message: 'the stream is over' });
  });

  test('tells what it rests on with every batch', async () => {
    await gateway.mirror.append({ records: [record({ start: 0 })], coverage: [settled(0, 60_000)] });
    const stream = await follow(gateway, STATE_CHANGES, { snapshot: true });
    expect(await stream.next()).toMatchObject({
      freshThrough: '2026-11-23T00:01:00.000Z',
      completeThrough: '2026-11-23T00:01:00.000Z',
      health: 'STARTING',
    });
  });
});

describe('what a stream cannot do is refused', () => {
  test.each([
    ['to resume and to start anew at once', { snapshot: true, after: true }, 'BAD_USER_INPUT'],
    ['a batch of nothing', { batchSize: 0 }, 'BAD_USER_INPUT'],
    ['a batch over the limit', { batchSize: 1_001 }, 'PAGE_SIZE_OVER_LIMIT'],
    [
      'a length of time, which grows by itself',
      { filter: { durationSeconds: { gte: 60 } } },
      'BAD_USER_INPUT',
    ],
    [
      'what lies behind an agent, which changes without the status',
      { filter: { agent: { events: { some: {} } } } },
      'BAD_USER_INPUT',
    ],
    ['the same, negated', { filter: { not: { or: [{ agent: { status: {} } }] } } }, 'BAD_USER_INPUT'],
  ])('%s', async (_what, variables, code) => {
    const after = 'after' in variables ? { after: await cursorNow() } : {};
    expect(await refusal(STATE_CHANGES, { ...variables, ...after })).toBe(code);
  });

  test('to pull, or to follow another topic, from the middle of a snapshot', async () => {
    await grow(6);
    const stream = await follow(gateway, STATE_CHANGES, { snapshot: true, batchSize: 1 });
    const { cursor: after } = await stream.next();
    expect(await refusal(EVENT_CHANGES, { after })).toBe('CURSOR_MISMATCH');
    await expect(pullAll(gateway, after)).rejects.toThrow('snapshot');
  });
});
