import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentIdOf, floorRecords, MINUTE_MS, settled, writeFloor } from '../../fixtures/floor.ts';
import { type Follower, openFollower } from '../../fixtures/follower.ts';
import { type Gateway, openGateway } from '../../fixtures/gateway.ts';
import { ANN, BOB, record } from '../../mirror/support/records.ts';

type Change = {
  kind: string;
  agent: { agentId: string };
  before: { state: string | null } | null;
  after: { state: string | null } | null;
};
type Batch = { phase: string; cursor: string; changes: Change[] };

let gateway: Gateway;
beforeEach(() => {
  gateway = openGateway();
});
afterEach(() => gateway.dispose());

const FIELDS = 'phase cursor changes { kind agent { agentId } before { state } after { state } }';

const open = (args: string): Promise<Follower> =>
  openFollower(gateway, `subscription { stateChanges(${args}) { ${FIELDS} } }`);
/** The next batch; moves the clock on while the stream waits. */
const next = async (stream: Follower): Promise<Batch> => {
  const { data, errors } = (await stream.next()) ?? {};
  if (errors) throw errors[0];
  return JSON.parse(JSON.stringify(data)).stateChanges as Batch;
};
const pull = async (after: string, first: number, filter = '') => {
  const { stateChanges } = await gateway.ask<{ stateChanges: Batch }>(
    `{ stateChanges(after: "${after}", first: ${first}${filter}) { ${FIELDS} } }`,
  );
  return stateChanges;
};
const cursorNow = async () =>
  (await gateway.ask<{ mirror: { streamCursor: string } }>('{ mirror { streamCursor } }')).mirror
    .streamCursor;

/** Everything after a cursor, pulled in pages of `size`. */
const pullAll = async (after: string, size: number, filter = '') => {
  const changes: Change[] = [];
  for (let cursor = after; ; ) {
    const batch = await pull(cursor, size, filter);
    changes.push(...batch.changes);
    if (batch.changes.length === 0 && batch.cursor === cursor) return changes;
    cursor = batch.cursor;
  }
};

describe('stateChanges', () => {
  it('gives every change once and in order, from wherever one resumes and however it is cut', async () => {
    const start = await cursorNow();
    await writeFloor(gateway, floorRecords(3, 300));
    const all = await pullAll(start, 1_000);
    expect(all.length).toBeGreaterThan(20);
    for (const size of [1, 7, 50]) expect(await pullAll(start, size)).toEqual(all);
    const stream = await open(`after: "${start}", batchSize: 9`);
    const streamed: Change[] = [];
    while (streamed.length < all.length) {
      const batch = await next(stream);
      streamed.push(...batch.changes);
      const rest = await pullAll(batch.cursor, 100);
      expect(rest).toEqual(all.slice(streamed.length));
    }
    expect(streamed).toEqual(all);
  });

  it('goes on from a snapshot without a seam: a board kept by changes is what agentStatuses says', async () => {
    const records = floorRecords(5, 400);
    await writeFloor(gateway, records.slice(0, 150));
    const filter = '{ state: { in: [BUSY, AWAY] } }';
    const stream = await open(`snapshot: true, batchSize: 3, filter: ${filter}`);
    const board = new Map<string, string | null>();
    let batch = await next(stream);
    for (; batch.phase === 'SNAPSHOT'; batch = await next(stream)) {
      for (const { agent, after } of batch.changes) board.set(agent.agentId, after?.state ?? null);
      // Commits between two batches of the snapshot belong to what follows it.
      await writeFloor(gateway, records.slice(150, 200));
    }
    expect(batch.phase).toBe('SNAPSHOT_END');
    await writeFloor(gateway, records.slice(200));
    const head = await cursorNow();
    for (batch = await next(stream); ; batch = await next(stream)) {
      for (const { kind, agent, after } of batch.changes) {
        if (kind === 'LEFT') expect(board.delete(agent.agentId)).toBe(true);
        else {
          expect(board.has(agent.agentId)).toBe(kind !== 'ENTERED');
          board.set(agent.agentId, after?.state ?? null);
        }
      }
      if (batch.cursor === head || batch.phase === 'HEARTBEAT') break;
    }
    const now = await gateway.ask<{
      agentStatuses: { nodes: Change['after'] & { agent: { agentId: string } }[] };
    }>(`{ agentStatuses(filter: ${filter}) { nodes { agent { agentId } state } } }`);
    const nodes = now.agentStatuses.nodes as unknown as { agent: { agentId: string }; state: string }[];
    expect(Object.fromEntries(board)).toEqual(
      Object.fromEntries(nodes.map((node) => [node.agent.agentId, node.state])),
    );
  });

  it('follows an agent that is named before the mirror has heard of it', async () => {
    const stream = await open(`filter: { agentId: { in: ["${ANN}", "${BOB}"] } }`);
    const taken = next(stream);
    for (const [i, agentId] of [BOB, agentIdOf(7), ANN, BOB].entries()) {
      await gateway.mirror.append({ records: [record({ agentId, start: i * MINUTE_MS, state: 'busy' })] });
      await gateway.clock.advance(1_000);
    }
    const heard = (await taken).changes.map(({ agent }) => agent.agentId);
    while (heard.length < 3) heard.push(...(await next(stream)).changes.map(({ agent }) => agent.agentId));
    expect(heard).toEqual([BOB, ANN, BOB]);
  });

  it('lets an agent enter and leave the filter', async () => {
    const start = await cursorNow();
    for (const [i, state] of ['idle', 'busy', 'busy', 'away'].entries()) {
      await gateway.mirror.append({ records: [record({ agentId: ANN, start: i * MINUTE_MS, state })] });
    }
    const kinds = (await pullAll(start, 10, ', filter: { state: { eq: BUSY } }')).map((change) => [
      change.kind,
      change.after?.state,
    ]);
    expect(kinds).toEqual([
      ['ENTERED', 'BUSY'],
      ['CHANGED', 'BUSY'],
      ['LEFT', 'AWAY'],
    ]);
  });

  it('says in a heartbeat that it is alive, with the cursor moved on past what the filter hides', async () => {
    const stream = await open('filter: { state: { eq: OFFLINE } }');
    const first = next(stream);
    await gateway.mirror.append({
      records: [record({ agentId: ANN, start: 0, state: 'busy' })],
      coverage: [settled(0, MINUTE_MS)],
    });
    const batch = await first;
    expect(batch.phase).toBe('HEARTBEAT');
    expect(await pullAll(batch.cursor, 10)).toEqual([]);
  });

  it('gives every wrong cursor its code', async () => {
    const code = async (after: string) =>
      (await gateway.refuse(`{ stateChanges(after: "${after}") { cursor } }`)).extensions['code'];
    const cursor = await cursorNow();
    expect(await code('nonsense')).toBe('CURSOR_MALFORMED');
    expect(await code(`${cursor.slice(0, -2)}AA`)).toBe('CURSOR_MALFORMED');
    await writeFloor(gateway, floorRecords(1, 300));
    gateway.mirror.writer.prune({
      nowMs: Date.UTC(2100, 0, 1),
      eventRetentionMs: Number.MAX_SAFE_INTEGER,
      changeRetentionMs: 1_000,
      maxRows: 100,
    });
    expect(await code(cursor)).toBe('STREAM_CURSOR_EXPIRED');
    await gateway
      .refuse(`{ stateChanges(after: "${await cursorNow()}", first: 1001) { cursor } }`)
      .then(({ extensions }) => expect(extensions['code']).toBe('PAGE_SIZE_OVER_LIMIT'));
  });
});
