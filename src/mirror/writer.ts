import type { Database } from 'better-sqlite3';
import type {
  Appended,
  Frame,
  FrameLog,
  PollerStatus,
  PollStateSource,
  SequencedFrame,
} from '../poller/index.ts';
import { createApplier } from './apply/applyFrame.ts';
import { type Digest, digestMirror } from './digest.ts';
import { packId, unpackId } from './ids.ts';
import { asRejection } from './rejection.ts';
import { createPruner, type PruneOptions } from './retention.ts';

/** The only writer of a mirror. Synchronous inside: give it a thread of its own. */
export type MirrorWriter = FrameLog &
  PollStateSource & {
    /** Hex; another one for each file ever made, so that a cursor of another file is known as such. */
    lineage: string;
    /** change_log head. */
    changeSeq(): number;
    /**
     * Deletes what is older than its retention: in one transaction, at most about `maxRows` rows of each kind.
     * Answers whether there is more; the caller decides when to go on. false, too, when the disk refuses: the next
     * append says so.
     */
    prune(options: PruneOptions): boolean;
    /** Moves the write-ahead log into the file as far as readers allow; for idle moments. */
    checkpoint(): void;
    digest(): Digest;
    close(): void;
  };

/** Over a migrated database, held alone. `release` gives the lock back. */
export const createWriter = (
  database: Database,
  { keepFrames, release }: { keepFrames: number; release(): void },
): MirrorWriter => {
  const applier = createApplier(database);
  const frames = createFrameTable(database, keepFrames);
  const pruner = createPruner(database, applier);
  const lineage = database.prepare<[], string>("select value from meta where key = 'lineage'").pluck().get()!;
  const findEvent = database.prepare<[Buffer], number>('select 1 from event where event_id = ?').pluck();
  // In one transaction: by itself each look would lock the file and let it go, which takes longer than the look.
  const missingEvents = database.transaction((eventIds: readonly string[]): string[] =>
    eventIds.filter((eventId) => findEvent.get(packId(eventId)) === undefined),
  );

  const findStatus = database.prepare<[], string>('select body from poller_status where id = 1').pluck();

  /** In one transaction that takes the write lock at once: upgrading a read later would fail without waiting. */
  const inTransaction = <Result>(work: () => Result): Result => {
    try {
      return database.transaction(work).immediate();
    } catch (thrown) {
      applier.forget();
      throw thrown;
    }
  };

  const append = (frame: Frame, expectedSeq: number): Appended =>
    inTransaction(() => {
      const headSeq = frames.headSeq();
      if (headSeq !== expectedSeq) return { kind: 'CONFLICT', headSeq };
      const before = applier.changeLog.headSeq();
      applier.apply(frame);
      const changeSeq = applier.changeLog.headSeq();
      return { kind: 'APPENDED', seq: frames.add(frame, changeSeq), changes: changeSeq - before };
    });

  const openEvents = database.prepare<[], { eventId: Buffer; agentId: Buffer; startMs: number }>(
    `select event.event_id as eventId, agent.agent_id as agentId, event.start_ms as startMs
     from event indexed by event_by_duration join agent on agent.id = event.agent
     where event.duration_key >= 9000000000000000
     order by event.duration_key desc, event.event_id desc limit 20000`,
  );

  return {
    lineage,
    headSeq: frames.headSeq,
    changeSeq: applier.changeLog.headSeq,
    async append(frame, expectedSeq) {
      try {
        return append(frame, expectedSeq);
      } catch (thrown) {
        const rejected = asRejection(thrown);
        if (rejected) return rejected;
        throw thrown;
      }
    },
    tail: frames.tail,
    readPollState: () => ({
      seq: frames.headSeq(),
      coverage: [...applier.coverage.slices()],
      audits: applier.audits.open(),
    }),
    missingEvents,
    lastStatus() {
      const body = findStatus.get();
      // Written by `append` alone, from a PollerStatus.
      return body === undefined ? null : (JSON.parse(body) as PollerStatus);
    },
    openEvents: () =>
      openEvents.all().map((row) => ({
        eventId: unpackId(row.eventId),
        agentId: unpackId(row.agentId),
        startMs: row.startMs,
      })),
    prune(options) {
      try {
        return inTransaction(() => pruner.prune(options));
      } catch (thrown) {
        if (asRejection(thrown)) return false;
        throw thrown;
      }
    },
    checkpoint: () => {
      database.pragma('wal_checkpoint(PASSIVE)');
    },
    digest: () => digestMirror(database),
    close() {
      database.close();
      release();
    },
  };
};

type FrameRow = { seq: number; body: Buffer };

const createFrameTable = (database: Database, keepFrames: number) => {
  const head = database.prepare<[], number>('select coalesce(max(seq), 0) from frame').pluck();
  const insert = database.prepare(
    'insert into frame (seq, observed_ms, records, change_seq, body) values (?, ?, ?, ?, ?)',
  );
  const dropBodies = database.prepare<[number]>(
    'update frame set body = null where seq <= ? and body is not null',
  );
  const dropBody = database.prepare<[number]>('update frame set body = null where seq = ?');
  const next = database.prepare<[number], FrameRow>(
    'select seq, body from frame where seq > ? and body is not null order by seq limit 1',
  );
  const headSeq = (): number => head.get() ?? 0;
  // Another number of frames may have been kept before.
  dropBodies.run(headSeq() - keepFrames);

  return {
    headSeq,
    add(frame: Frame, changeSeq: number): number {
      const seq = headSeq() + 1;
      const body = keepFrames > 0 ? Buffer.from(JSON.stringify(frame)) : null;
      insert.run(seq, frame.observedMs, frame.records.length, changeSeq, body);
      if (keepFrames > 0) dropBody.run(seq - keepFrames);
      return seq;
    },
    /** One row at a time: an open iterator would keep the connection from writing. */
    *tail(afterSeq: number): Generator<SequencedFrame> {
      for (let row = next.get(afterSeq); row; row = next.get(row.seq)) {
        // Written by `add` alone.
        yield { seq: row.seq, frame: JSON.parse(row.body.toString()) as Frame };
      }
    },
  };
};
