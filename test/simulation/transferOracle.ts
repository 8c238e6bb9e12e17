import { unpackId } from '../../src/mirror/index.ts';
import type { AgentStateRecord } from '../../src/upstream/index.ts';
import type { MirrorFile } from './mirrorFile.ts';

type TransferFact = { endMs: number | null; events: string[] };

const keyOf = (interactionId: string, from: string, to: string, startMs: number): string =>
  `${interactionId} ${from} > ${to} at ${startMs}`;

/** Every transfer that any version of any record told of, with the latest end, and the events that carried it. */
export const transfersOf = (read: readonly AgentStateRecord[]): Map<string, TransferFact> => {
  const transfers = new Map<string, { endMs: number | null; events: Set<string> }>();
  for (const { agentId, eventId, transfers: told } of read) {
    for (const { interactionId, toAgentId, startMs, endMs } of told) {
      const key = keyOf(interactionId, agentId, toAgentId, startMs);
      const fact = transfers.get(key) ?? { endMs: null, events: new Set<string>() };
      if (endMs !== null) fact.endMs = Math.max(endMs, fact.endMs ?? endMs);
      fact.events.add(eventId);
      transfers.set(key, fact);
    }
  }
  return new Map(
    [...transfers].map(([key, { endMs, events }]) => [key, { endMs, events: [...events].sort() }]),
  );
};

export const transferFacts = (mirror: Pick<MirrorFile, 'rows'>): Map<string, TransferFact> => {
  const facts = new Map<string, TransferFact>();
  for (const row of mirror.rows<{
    interaction: Buffer;
    fromAgent: Buffer;
    toAgent: Buffer;
    startMs: number;
    endMs: number | null;
    eventId: Buffer;
  }>(
    `select t.interaction_id as interaction, f.agent_id as fromAgent, o.agent_id as toAgent, t.start_ms as startMs,
       t.end_ms as endMs, e.event_id as eventId
     from transfer t join agent f on f.id = t.from_agent join agent o on o.id = t.to_agent
       join event_transfer c on c.transfer = t.id join event e on e.id = c.event`,
  )) {
    const key = keyOf(unpackId(row.interaction), unpackId(row.fromAgent), unpackId(row.toAgent), row.startMs);
    const fact = facts.get(key) ?? { endMs: row.endMs, events: [] };
    fact.events.push(unpackId(row.eventId));
    facts.set(key, fact);
  }
  for (const { events } of facts.values()) events.sort();
  return facts;
};
