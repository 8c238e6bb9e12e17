import { presenceCodes, sessionEndSourceCodes, stateCodes } from '../codes.ts';
import { type Condition, conditionSql, type StatusFacts } from './condition/index.ts';
import type { MirrorReader } from './reader.ts';

/** A status, and whether what follows it is known to be missing. */
export type KnownStatus = StatusFacts & {
  /**
   * When the record began that the event names as its successor and that the mirror lacks, given up or still looked for;
   * null where it lacks none. From then on nobody knows what the agent is doing, and of nobody else does it say anything.
   */
  missingMs: number | null;
};

/** By the key of audits, one look-up. An id that holds no time says nothing of when: then where the event ended. */
export const missingAfterSql = (event: string) =>
  `(select max(coalesce(audit.expected_ms, ${event}.end_ms, 0), ${event}.start_ms + 1) from audit
     where audit.event_id = ${event}.next_event_id)`;

export const currentColumns = `agent_status.agent, agent_status.event, agent_status.session,
  agent_status.since_ms as sinceMs, agent_status.since_event_ms as sinceEventMs, agent_status.presence,
  agent_status.state, agent_status.reason, agent_status.direction, agent_status.allocation, agent_status.capacity,
  agent_status.inferred,
  (select ${missingAfterSql('stands')} from event as stands where stands.id = agent_status.event) as missingMs`;

/** What stands now, of every agent with events that satisfies the condition. One row an agent, in no order. */
export const readCurrentStatuses = (reader: MirrorReader, condition: Condition): KnownStatus[] => {
  const { sql, params } = conditionSql('status', condition, 'agent_status');
  return reader.all<KnownStatus>(`select ${currentColumns} from agent_status where ${sql}`, ...params);
};

/** What stands now, of these agents (agent.id); agents without events have none. */
export const readStatusesOf = (reader: MirrorReader, agents: readonly number[]): KnownStatus[] =>
  reader.all<KnownStatus>(
    `select ${currentColumns} from json_each(?) as wanted
     cross join agent_status on agent_status.agent = wanted.value`,
    JSON.stringify(agents),
  );

type PastRow = Omit<KnownStatus, 'inferred'> & {
  sessionEndMs: number | null;
  sessionEndSource: number | null;
};

/**
 * The newest session that had begun and spoken. A login that no event has followed yet says nothing: without the second
 * condition its agent would vanish from the floor for as long as that lasts. Of the agent `a`, at an instant given twice.
 */
export const newestSessionSql = `select newest.id from session as newest indexed by session_by_agent
  where newest.agent = a.id and newest.began_ms <= ? and exists (
    select 1 from event as spoken indexed by event_by_session
    where spoken.session = newest.id and spoken.start_ms <= ?)
  order by newest.began_ms desc, newest.session_id desc limit 1`;

const identity = (event: string) => `(select identity from reason where reason.id = ${event}.reason)`;

const differs = `(differing.presence is not e.presence or differing.state is not e.state
  or differing.direction is not e.direction
  or (differing.reason is not e.reason and ${identity('differing')} is not ${identity('e')}))`;

/** The index that a line of events is walked by, and what tells its events from others. */
type Line = { index: string; holds: (alias: string) => string; join: 'join' | 'left join' };

const sessionLine: Line = {
  index: 'event_by_session',
  holds: (alias) => `${alias}.session = s.id and ${alias}.agent = a.id`,
  join: 'join',
};
/** Events without a session stand in line with any, and are found only among all events of the agent. */
const agentLine: Line = {
  index: 'event_by_agent',
  holds: (alias) => `${alias}.agent = a.id and (${alias}.session is null or ${alias}.session = s.id)`,
  join: 'left join',
};

const pastSql = ({ index, holds, join }: Line, among: string) =>
  `select e.agent, e.id as event, e.session, e.start_ms as sinceEventMs, e.presence, e.state, e.reason,
     e.direction, e.allocation, e.capacity, ${missingAfterSql('e')} as missingMs, s.end_ms as sessionEndMs, s.end_source as sessionEndSource,
     (select first.start_ms from event as first indexed by ${index}
       where ${holds('first')}
         and (first.start_ms, first.event_id) <= (e.start_ms, e.event_id)
         and (first.start_ms, first.event_id) > (coalesce(d.start_ms, -9000000000000000), coalesce(d.event_id, x''))
       order by first.start_ms, first.event_id limit 1) as sinceMs
   from agent as a
   ${join} session as s on s.id = (${newestSessionSql})
   join event as e on e.id = (
     select last.id from event as last indexed by ${index}
     where ${holds('last')} and last.start_ms <= ?
     order by last.start_ms desc, last.event_id desc limit 1)
   left join event as d on d.id = (
     select differing.id from event as differing indexed by ${index}
     where ${holds('differing')}
       and (differing.start_ms, differing.event_id) < (e.start_ms, e.event_id) and ${differs}
     order by differing.start_ms desc, differing.event_id desc limit 1)
   where a.seen = 1 ${among}`;

/**
 * What stood at `atMs`, by everything that is known now: of the newest session that had begun, the last event that had;
 * events without a session count with it. One index walk of a step or two for each of its look-ups an agent.
 * `agents` null: all agents with events.
 */
export const readStatusesAt = (
  reader: MirrorReader,
  atMs: number,
  agents: readonly number[] | null = null,
): KnownStatus[] => {
  const among = agents === null ? '' : 'and a.id in (select value from json_each(?))';
  // By the agent's own events a session that has just begun is walked back through all older ones: only where it must be.
  const sessionless = reader.get(
    'select 1 from event indexed by event_by_session where session is null limit 1',
  );
  return reader
    .all<PastRow>(
      pastSql(sessionless ? agentLine : sessionLine, among),
      ...[atMs, atMs, atMs],
      ...(agents === null ? [] : [JSON.stringify(agents)]),
    )
    .map((row) => afterEnd(row, atMs));
};

/**
 * Agents of whom nothing stood at `atMs` though they had logged in: a session of theirs had begun and speaks later. Where
 * the mirror begins, these are all whose first word in it is still to come. `known`: those of whom something stood;
 * `agents` null: all.
 */
export const readSilentAt = (
  reader: MirrorReader,
  atMs: number,
  known: readonly number[],
  agents: readonly number[] | null = null,
): number[] =>
  reader
    .all<{ agent: number }>(
      `select a.id as agent from agent as a
       where a.seen = 1 and a.id not in (select value from json_each(?))
         ${agents === null ? '' : 'and a.id in (select value from json_each(?))'}
         and exists (
           select 1 from session as begun indexed by session_by_agent
           where begun.agent = a.id and begun.began_ms <= ? and begun.last_event is not null)`,
      ...[JSON.stringify(known), ...(agents === null ? [] : [JSON.stringify(agents)]), atMs],
    )
    .map(({ agent }) => agent);

/** Once its session is over the agent is offline, unless an event without one has spoken since. */
const afterEnd = ({ sessionEndMs, sessionEndSource, ...row }: PastRow, atMs: number): KnownStatus => {
  const over = sessionEndMs !== null && sessionEndMs <= atMs;
  if (!over || (row.session === null && row.sinceEventMs >= sessionEndMs)) return { ...row, inferred: 0 };
  const offline = { presence: presenceCodes.offline, state: stateCodes.offline, inferred: 1 };
  if (sessionEndSource === sessionEndSourceCodes.OFFLINE_EVENT) return { ...row, ...offline };
  return {
    ...row,
    ...offline,
    sinceMs: sessionEndMs,
    reason: null,
    direction: null,
    allocation: null,
    capacity: null,
  };
};
