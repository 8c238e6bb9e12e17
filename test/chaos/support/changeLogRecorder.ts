import { endSourceCodes } from '../../../src/mirror/codes.ts';
import { unpackId } from '../../../src/mirror/ids.ts';
import {
  changeKindCodes,
  changeTopicCodes,
  codedAttributes,
  createMirrorReader,
  decodeEventImage,
  decodeStatusImage,
  decodeTransferImage,
  type EventImage,
} from '../../../src/mirror/index.ts';
import { decodeStreamCursor } from '../../../src/schema/cursors/streamCursor.ts';
import {
  type EventFacts,
  eventChangeText,
  type StatusFacts,
  stateChangeText,
  type TransferFacts,
  transferChangeText,
} from './facts.ts';

type LogRow = {
  seq: number;
  topic: number;
  kind: number;
  subject: number;
  revision: number | null;
  before: string | null;
  after: string | null;
};

type Holds<Facts> = (facts: Facts) => boolean;

export type ChangeLogRecorder = {
  /** Takes in what was committed since; must be called before anything is pruned. Throws on a hole in the numbers. */
  record(): void;
  headSeq(): number;
  /** Of the oldest change that the file still holds; one past the head when it holds none. */
  heldFromSeq(): number;
  /** Position of a stream's cursor. Throws the code of one that this mirror cannot have given. */
  positionOf(cursor: string): number;
  /** What a stream with this filter must have sent of the changes in (afterSeq, toSeq], in order. */
  states(holds: Holds<StatusFacts>, afterSeq: number, toSeq: number): string[];
  events(holds: Holds<EventFacts>, afterSeq: number, toSeq: number): string[];
  transfers(holds: Holds<TransferFacts>, afterSeq: number, toSeq: number): string[];
  close(): void;
};

const enumNames = (codes: Readonly<Record<string, number>>): Map<number, string> =>
  new Map(Object.entries(codes).map(([raw, code]) => [code, raw.toUpperCase().replaceAll('-', '_')]));
const stateNames = enumNames(codedAttributes.state);
const presenceNames = enumNames(codedAttributes.presence);
const directionNames = enumNames(codedAttributes.direction);
const allocationNames = enumNames(codedAttributes.allocation);
const endSourceNames = enumNames(endSourceCodes);
const nameIn = (names: Map<number, string>, code: number | null): string | null =>
  code === null ? null : (names.get(code) ?? 'UNKNOWN');

const contentKinds = new Map<number, string>([
  [changeKindCodes.EVENT_NEW, 'NEW'],
  [changeKindCodes.EVENT_REVISED, 'REVISED'],
  [changeKindCodes.EVENT_CLOSED, 'CLOSED'],
  [changeKindCodes.TRANSFER_NEW, 'NEW'],
  [changeKindCodes.TRANSFER_REVISED, 'REVISED'],
  [changeKindCodes.TRANSFER_CLOSED, 'CLOSED'],
]);

const READ_ROWS = 20_000;

/**
 * Copies the change log, row by row, out of the file while the gateway under test runs, is killed and is cut: what any
 * client must have heard is worked out from the copy here, by other code than the server's, with filters written twice.
 */
export const recordChangeLog = (file: string): ChangeLogRecorder => {
  const reader = createMirrorReader(file);
  const rows: LogRow[] = [];
  const first = reader.get<{ seq: number | null }>('select min(seq) as seq from change_log')?.seq ?? 1;
  const headSeq = () => rows.at(-1)?.seq ?? first - 1;

  const record = () => {
    for (;;) {
      const fresh = reader.all<LogRow>(
        `select seq, topic, kind, subject, revision, before, after from change_log where seq > ? order by seq limit ?`,
        headSeq(),
        READ_ROWS,
      );
      for (const row of fresh) {
        if (row.seq !== headSeq() + 1) throw new Error(`the change log goes from ${headSeq()} to ${row.seq}`);
        rows.push(row);
      }
      if (fresh.length < READ_ROWS) return;
    }
  };

  const idsOf = (sql: string): ((id: number) => string) => {
    const known = new Map<number, string>();
    return (id) => {
      let uuid = known.get(id);
      if (uuid === undefined) {
        const row = reader.get<{ packed: Buffer }>(sql, id);
        if (!row) throw new Error(`no row ${id} for: ${sql}`);
        uuid = unpackId(row.packed);
        known.set(id, uuid);
      }
      return uuid;
    };
  };
  const agentIdOf = idsOf('select agent_id as packed from agent where id = ?');
  const eventIdOf = idsOf('select event_id as packed from event where id = ?');
  const reasons = new Map<number, string | null>();
  const reasonOf = (id: number | null): string | null => {
    if (id === null) return null;
    let name = reasons.get(id);
    if (name === undefined) {
      name = reader.get<{ name: string }>('select name from reason where id = ?', id)?.name || null;
      reasons.set(id, name);
    }
    return name;
  };

  const statusOf = (agent: number, image: string | null): StatusFacts | null => {
    if (image === null) return null;
    const { event, state, presence, direction, allocation, reason, sinceMs, sinceEventMs, inferred } =
      decodeStatusImage(image);
    return {
      agentId: agentIdOf(agent),
      eventId: eventIdOf(event),
      state: nameIn(stateNames, state),
      presence: nameIn(presenceNames, presence),
      direction: nameIn(directionNames, direction),
      allocation: nameIn(allocationNames, allocation),
      reason: reasonOf(reason),
      sinceMs,
      sinceEventMs,
      inferred,
    };
  };

  const eventColumns = `agent, revision, start_ms as startMs, end_ms as endMs, end_source as endSource, state, presence, reason`;
  type EventColumns = Pick<EventImage, 'startMs' | 'endMs' | 'endSource' | 'state' | 'presence' | 'reason'>;
  const eventAt = (id: number, revision: number): EventFacts => {
    const now = reader.get<EventColumns & { agent: number; revision: number }>(
      `select ${eventColumns} from event where id = ?`,
      id,
    );
    if (!now) throw new Error(`no event ${id}`);
    let then: EventColumns = now;
    if (revision !== now.revision) {
      const image = reader.get<{ image: string }>(
        'select image from event_revision where event = ? and revision = ?',
        id,
        revision,
      );
      if (!image) throw new Error(`no revision ${revision} of event ${id}, which is at ${now.revision}`);
      then = decodeEventImage(image.image);
    }
    return {
      eventId: eventIdOf(id),
      agentId: agentIdOf(now.agent),
      state: nameIn(stateNames, then.state),
      presence: nameIn(presenceNames, then.presence),
      reason: reasonOf(then.reason),
      startMs: then.startMs,
      endMs: then.endMs,
      endSource: nameIn(endSourceNames, then.endSource) ?? '',
      revision,
    };
  };

  const transferAt = (id: number, image: string | null): TransferFacts | null => {
    if (image === null) return null;
    const row = reader.get<{ interaction: Buffer; fromAgent: number; toAgent: number; startMs: number }>(
      `select interaction_id as interaction, from_agent as fromAgent, to_agent as toAgent, start_ms as startMs
       from transfer where id = ?`,
      id,
    );
    if (!row) throw new Error(`no transfer ${id}`);
    return {
      interactionId: unpackId(row.interaction),
      fromAgentId: agentIdOf(row.fromAgent),
      toAgentId: agentIdOf(row.toAgent),
      startMs: row.startMs,
      endMs: decodeTransferImage(image).endMs,
    };
  };

  /** Each row of a topic made once, however many clients are checked against it. */
  const lazily = <Change>(topic: number, make: (row: LogRow) => Change) => {
    const made: { seq: number; change: Change }[] = [];
    let next = 0;
    return () => {
      for (; next < rows.length; next++) {
        const row = rows[next]!;
        if (row.topic === topic) made.push({ seq: row.seq, change: make(row) });
      }
      return made;
    };
  };
  const contentKind = ({ kind }: LogRow): string => contentKinds.get(kind) ?? `kind ${kind}`;
  const allStates = lazily(changeTopicCodes.STATUS, ({ subject, before, after }) => ({
    agentId: agentIdOf(subject),
    before: statusOf(subject, before),
    after: statusOf(subject, after),
  }));
  // A change speaks of versions that never change again, so that reading them late reads the same.
  const allEvents = lazily(changeTopicCodes.EVENT, (row) => ({
    kind: contentKind(row),
    before: row.revision === null || row.revision === 1 ? null : eventAt(row.subject, row.revision - 1),
    after: eventAt(row.subject, row.revision ?? 1),
  }));
  const allTransfers = lazily(changeTopicCodes.TRANSFER, (row) => ({
    kind: contentKind(row),
    before: transferAt(row.subject, row.before),
    after: transferAt(row.subject, row.after)!, // every change of a transfer has what it led to
  }));

  const within = <Change>(
    all: { seq: number; change: Change }[],
    afterSeq: number,
    toSeq: number,
    tell: (change: Change) => string | null,
  ): string[] =>
    all.flatMap(({ seq, change }) => {
      if (seq <= afterSeq || seq > toSeq) return [];
      const text = tell(change);
      return text === null ? [] : [text];
    });

  return {
    record,
    headSeq,
    heldFromSeq: () =>
      reader.get<{ seq: number | null }>('select min(seq) as seq from change_log')?.seq ?? headSeq() + 1,
    positionOf: (cursor) => decodeStreamCursor(reader, cursor),
    states: (holds, afterSeq, toSeq) =>
      within(allStates(), afterSeq, toSeq, ({ agentId, before, after }) => {
        const [was, is] = [before !== null && holds(before), after !== null && holds(after)];
        if (!was && !is) return null;
        const same = before?.eventId === after?.eventId && before?.inferred === after?.inferred;
        const kind = !was ? 'ENTERED' : !is ? 'LEFT' : same ? 'REVISED' : 'CHANGED';
        return stateChangeText({ kind, agentId, before, after });
      }),
    events: (holds, afterSeq, toSeq) =>
      within(allEvents(), afterSeq, toSeq, (change) =>
        holds(change.after) || (change.before !== null && holds(change.before))
          ? eventChangeText(change)
          : null,
      ),
    transfers: (holds, afterSeq, toSeq) =>
      within(allTransfers(), afterSeq, toSeq, (change) =>
        holds(change.after) || (change.before !== null && holds(change.before))
          ? transferChangeText(change)
          : null,
      ),
    close: () => reader.close(),
  };
};
