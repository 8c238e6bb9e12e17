import {
  type ChangeKind,
  changeKindCodes,
  type EndSource,
  endSourceCodes,
  presenceCodes,
  type SessionEndSource,
  sessionEndSourceCodes,
  stateCodes,
} from '../../../src/mirror/codes.ts';
import { unpackId } from '../../../src/mirror/ids.ts';
import { decodeStatusImage, type StatusImage } from '../../../src/mirror/images.ts';
import type { MirrorFile } from './mirrorFile.ts';
import { DAY_MS } from './records.ts';

type Rows = Pick<MirrorFile, 'rows'>;

/** Facts as words and milliseconds after midnight, free of row ids, so that mirrors with other histories compare. */

const nameOf = (codes: Record<string, number>, code: number | null): string | null =>
  code === null ? null : (Object.entries(codes).find(([, known]) => known === code)?.[0] ?? `#${code}`);

const after = (ms: number | null): number | null => (ms === null ? null : ms - DAY_MS);

export type EventFact = {
  eventId: string;
  agentId: string;
  sessionId: string | null;
  start: number;
  end: number | null;
  endSource: EndSource;
  state: string | null;
  revision: number;
};

export const eventFacts = (mirror: Rows): EventFact[] =>
  mirror
    .rows<{
      eventId: Buffer;
      agentId: Buffer;
      sessionId: Buffer | null;
      startMs: number;
      endMs: number | null;
      endSource: number;
      state: number | null;
      revision: number;
    }>(
      `select event_id as eventId, agent_id as agentId, session_id as sessionId, start_ms as startMs, event.end_ms as endMs,
         event.end_source as endSource, state, revision
       from event join agent on agent.id = event.agent left join session on session.id = event.session
       order by start_ms, event_id`,
    )
    .map((row) => ({
      eventId: unpackId(row.eventId),
      agentId: unpackId(row.agentId),
      sessionId: row.sessionId && unpackId(row.sessionId),
      start: row.startMs - DAY_MS,
      end: after(row.endMs),
      // A name of endSourceCodes: the column holds nothing else.
      endSource: nameOf(endSourceCodes, row.endSource) as EndSource,
      state: nameOf(stateCodes, row.state),
      revision: row.revision,
    }));

/** [end, source] of the event that starts at `start`. */
export const endOf = (mirror: Rows, start: number): [number | null, EndSource] => {
  const found = eventFacts(mirror).find((event) => event.start === start);
  if (!found) throw new Error(`no event starts at ${start}`);
  return [found.end, found.endSource];
};

export type SessionFact = {
  sessionId: string;
  agentId: string;
  login: number | null;
  began: number;
  end: number | null;
  endSource: SessionEndSource;
  lastStart: number | null;
};

export const sessionFacts = (mirror: Rows): SessionFact[] =>
  mirror
    .rows<{
      sessionId: Buffer;
      agentId: Buffer;
      loginMs: number | null;
      beganMs: number;
      endMs: number | null;
      endSource: number;
      lastMs: number | null;
    }>(
      `select session_id as sessionId, agent_id as agentId, login_ms as loginMs, began_ms as beganMs,
         session.end_ms as endMs, session.end_source as endSource, event.start_ms as lastMs
       from session join agent on agent.id = session.agent left join event on event.id = session.last_event
       order by began_ms, session_id`,
    )
    .map((row) => ({
      sessionId: unpackId(row.sessionId),
      agentId: unpackId(row.agentId),
      login: after(row.loginMs),
      began: row.beganMs - DAY_MS,
      end: after(row.endMs),
      // A name of sessionEndSourceCodes: the column holds nothing else.
      endSource: nameOf(sessionEndSourceCodes, row.endSource) as SessionEndSource,
      lastStart: after(row.lastMs),
    }));

export type StatusFact = {
  start: number;
  since: number;
  sinceEvent: number;
  presence: string | null;
  state: string | null;
  inferred: boolean;
};

const statusFact = (mirror: Rows, image: StatusImage): StatusFact => ({
  start:
    (mirror.rows<{ startMs: number }>('select start_ms as startMs from event where id = ?', image.event)[0]
      ?.startMs ?? Number.NaN) - DAY_MS,
  since: image.sinceMs - DAY_MS,
  sinceEvent: image.sinceEventMs - DAY_MS,
  presence: nameOf(presenceCodes, image.presence),
  state: nameOf(stateCodes, image.state),
  inferred: image.inferred,
});

/** The current status of the agent, as stored. */
export const statusOf = (mirror: Rows, agentId: string): StatusFact | null => {
  const row = mirror
    .rows<Omit<StatusImage, 'inferred'> & { inferred: number; agentId: Buffer }>(
      `select event, session, since_ms as sinceMs, since_event_ms as sinceEventMs, presence, state, reason, direction,
         allocation, capacity, inferred, agent_id as agentId
       from agent_status join agent on agent.id = agent_status.agent`,
    )
    .find((found) => unpackId(found.agentId) === agentId);
  return row ? statusFact(mirror, { ...row, inferred: row.inferred === 1 }) : null;
};

/** The agent's steps in the change log, oldest first; each step's `before` is checked to be the `after` before it. */
export const statusSteps = (mirror: Rows, agentId: string): StatusFact[] => {
  const rows = mirror
    .rows<{ before: string | null; after: string; agentId: Buffer }>(
      `select before, after, agent_id as agentId from change_log join agent on agent.id = change_log.agent
       where topic = 2 order by seq`,
    )
    .filter((row) => unpackId(row.agentId) === agentId);
  let last: string | null = null;
  for (const row of rows) {
    if (row.before !== last) throw new Error(`a step from ${row.before} follows one to ${last}`);
    last = row.after;
  }
  return rows.map((row) => statusFact(mirror, decodeStatusImage(row.after)));
};

export type ChangeRow = { seq: number; kind: ChangeKind; subject: number; revision: number | null };

export const changesAfter = (mirror: Rows, seq: number): ChangeRow[] =>
  mirror
    .rows<{ seq: number; kind: number; subject: number; revision: number | null }>(
      'select seq, kind, subject, revision from change_log where seq > ? order by seq',
      seq,
    )
    // A name of changeKindCodes: the column holds nothing else.
    .map((row) => ({ ...row, kind: nameOf(changeKindCodes, row.kind) as ChangeKind }));

export const kindsAfter = (mirror: Rows, seq: number): ChangeKind[] =>
  changesAfter(mirror, seq).map(({ kind }) => kind);
