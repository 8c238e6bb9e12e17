import { isDeepStrictEqual } from 'node:util';
import { isSettled } from '../../src/poller/index.ts';
import { subtractSpans } from '../../src/poller/spans.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import { eventFacts, type SessionFact, sessionFacts, statusOf } from '../mirror/support/facts.ts';
import { consult } from '../mirror/support/oracle.ts';
import type { MirrorFile } from './mirrorFile.ts';
import type { Played } from './simulate.ts';
import { transferFacts, transfersOf } from './transferOracle.ts';

/**
 * What the mirror infers against what its records say when asked all at once: the ends of events and sessions and every
 * agent's status by the plain oracle of the mirror's own tests, transfers united over every version that was read.
 */
export const derivedViolationsOf = (played: Played, mirror: MirrorFile): string[] => {
  const read = played.commits.flatMap(({ frame }) => frame.records);
  const records = recordsOf(mirror, read);
  const settled = played.state.coverage.filter(isSettled);
  const allSettled = (fromMs: number, toMs: number) =>
    subtractSpans([{ fromMs, toMs }], settled).length === 0;
  const oracles = new Map(
    [...Map.groupBy(records, ({ agentId }) => agentId)].map(([agentId, own]) => [
      agentId,
      consult(own, allSettled),
    ]),
  );
  const all = [...oracles.values()];

  return [
    ...differences(
      'event',
      eventFacts(mirror).map(({ eventId, start, end, endSource }) => [eventId, { start, end, endSource }]),
      all.flatMap(({ events }) =>
        events.map(({ eventId, start, end, endSource }) => [eventId, { start, end, endSource }]),
      ),
    ),
    ...differences(
      'session',
      sessionFacts(mirror)
        .filter(({ lastStart }) => lastStart !== null)
        .map((fact) => [fact.sessionId, fact]),
      all.flatMap(({ sessions }) => sessions.map((fact): [string, SessionFact] => [fact.sessionId, fact])),
    ),
    ...differences(
      'status',
      [...oracles.keys()].map((agentId) => [agentId, statusOf(mirror, agentId)]),
      [...oracles].map(([agentId, oracle]) => [agentId, inCodes(mirror, oracle.status(agentId))]),
    ),
    ...differences('transfer', transferFacts(mirror), transfersOf(read)),
  ];
};

/** What the mirror holds, as records; a session's login is united over every version that was read of its records. */
const recordsOf = (mirror: MirrorFile, read: readonly AgentStateRecord[]): AgentStateRecord[] => {
  const logins = new Map<string, number>();
  for (const { sessionId, agentId, loginMs } of read) {
    if (sessionId === null || loginMs === null) continue;
    const key = `${agentId} ${sessionId}`;
    logins.set(key, Math.min(loginMs, logins.get(key) ?? loginMs));
  }
  return mirror.allHeld().map(({ effectiveEndMs: _, ...held }) => ({
    ...held,
    loginMs: logins.get(`${held.agentId} ${held.sessionId}`) ?? null,
    platformAgentId: null,
    tenantAgentId: null,
    transfers: [],
  }));
};

/** Values that the mirror has no code for are numbered as they come. */
const inCodes = <Fact extends { presence: string | null; state: string | null }>(
  mirror: MirrorFile,
  fact: Fact | null,
): Fact | null => {
  const coded = (attribute: 'presence' | 'state', raw: string | null) => {
    const unknown = mirror.rows<{ id: number }>(
      'select id from unknown_value where attribute = ? and raw = ?',
      attribute,
      raw,
    )[0];
    return unknown ? `#${unknown.id}` : raw;
  };
  return fact && { ...fact, presence: coded('presence', fact.presence), state: coded('state', fact.state) };
};

const differences = <Fact>(
  what: string,
  held: Iterable<readonly [string, Fact]>,
  derived: Iterable<readonly [string, Fact]>,
): string[] => {
  const left = new Map(derived);
  const faults: string[] = [];
  for (const [id, fact] of held) {
    const expected = left.get(id);
    left.delete(id);
    if (!isDeepStrictEqual(fact, expected)) {
      faults.push(`${what} ${id}: held ${JSON.stringify(fact)}, derived ${JSON.stringify(expected)}`);
    }
  }
  for (const id of left.keys()) faults.push(`${what} ${id} is not held`);
  return faults;
};
