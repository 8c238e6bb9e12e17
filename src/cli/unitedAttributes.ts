import type { StoredEvent } from '../mirror/index.ts';
import type { AgentStateRecord } from '../upstream/index.ts';

type Pair = [name: string, mirror: unknown, upstream: unknown];

/** Attributes that the mirror keeps once for several records: held against all that upstream shows of them together. */
export type United = {
  pairs(mirror: StoredEvent, record: AgentStateRecord): Pair[];
};

const NUMBERS = ['platformAgentId', 'tenantAgentId'] as const;
type NumberName = (typeof NUMBERS)[number];

const isLater = (a: AgentStateRecord, b: AgentStateRecord): boolean =>
  a.startMs > b.startMs || (a.startMs === b.startMs && a.eventId > b.eventId);

/**
 * One login a session, the earliest that any record gives; of an agent's numbers those on its newest record. Each is told
 * at one record, not at all that repeat it.
 */
export const unitedOf = (records: readonly AgentStateRecord[]): United => {
  const logins = new Map<string, { ms: number; told: AgentStateRecord }>();
  const numbers = new Map<string, AgentStateRecord>();
  const numberKey = (name: NumberName, { agentId }: { agentId: string }) => `${name} ${agentId}`;
  for (const record of records) {
    const { sessionId, loginMs } = record;
    if (sessionId !== null && loginMs !== null) {
      const key = `${record.agentId} ${sessionId}`;
      const known = logins.get(key);
      if (!known || loginMs < known.ms) logins.set(key, { ms: loginMs, told: record });
    }
    for (const name of NUMBERS) {
      if (record[name] === null) continue;
      const key = numberKey(name, record);
      const known = numbers.get(key);
      if (!known || isLater(record, known)) numbers.set(key, record);
    }
  }
  return {
    pairs(mirror, record) {
      const pairs: Pair[] = [];
      const login = logins.get(`${record.agentId} ${record.sessionId}`);
      // A session that is another agent's has no login here.
      if (login?.told === record && mirror.sessionId !== null) {
        pairs.push(['loginTimestamp', mirror.loginMs, login.ms]);
      }
      for (const name of NUMBERS) {
        if (numbers.get(numberKey(name, record)) === record) pairs.push([name, mirror[name], record[name]]);
      }
      return pairs;
    },
  };
};
