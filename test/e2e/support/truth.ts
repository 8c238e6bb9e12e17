import type { PageRecord, Simulator } from '../../../src/simulator/index.ts';
import type { MirroredEvent } from './graphqlClient.ts';

/** One event as both sides tell it. Ends that upstream has not told are left out: the mirror may infer them. */
export type Told = Record<string, string | number | null>;

const isRecord = (row: unknown): row is PageRecord => typeof row === 'object' && row !== null;

/** Of upstream: what it shows now of the events that began in [fromMs, toMs), by id. */
export const truthOf = (simulator: Simulator, fromMs: number, toMs: number): Map<string, Told> => {
  const told = new Map<string, Told>();
  for (const { record, visible, malformed } of simulator.truth({ fromMs, toMs })) {
    if (!visible || malformed || !isRecord(record) || record.eventId === undefined) continue;
    told.set(record.eventId, {
      agentId: record.agentId ?? null,
      platformAgentId: record.platformAgentId ?? null,
      tenantAgentId: record.tenantAgentId ?? null,
      sessionId: record.sessionId ?? null,
      loginTimestamp: record.loginTimestamp ?? null,
      eventType: record.eventType ?? null,
      start: record.start ?? null,
      end: record.end ?? null,
      durationSeconds: record.durationSeconds ?? null,
      presence: record.presence ?? null,
      state: record.state ?? null,
      allocation: record.allocation ?? null,
      direction: record.direction ?? null,
      reasonId: record.reasonId ?? null,
      reasonName: record.reasonName ?? null,
      reasonListId: record.reasonListId ?? null,
      nextEventId: record.nextEventId ?? null,
    });
  }
  return told;
};

/** Upstream has closed the record since it was read; until it is read again, its successor says when it ended. */
const isInferredWell = (event: MirroredEvent, known: Told): boolean =>
  event.endSource !== 'REPORTED' &&
  event.end !== null &&
  Math.abs(Date.parse(event.end) - Date.parse(String(known['end']))) <= 1_000;

/** The same of the gateway's answer. */
export const mirrored = (
  events: readonly MirroredEvent[],
  truth: ReadonlyMap<string, Told>,
): Map<string, Told> => {
  const told = new Map<string, Told>();
  for (const event of events) {
    const known = truth.get(event.eventId);
    const ended = known?.['end'] != null && !isInferredWell(event, known);
    told.set(event.eventId, {
      agentId: event.agent.agentId,
      platformAgentId: event.agent.platformAgentId,
      tenantAgentId: event.agent.tenantAgentId,
      sessionId: event.session?.sessionId ?? null,
      loginTimestamp: event.session?.loginTimestamp ?? null,
      eventType: event.eventTypeRaw,
      start: event.start,
      end: ended ? event.end : (known?.['end'] ?? null),
      durationSeconds: ended ? event.durationSeconds : (known?.['durationSeconds'] ?? null),
      presence: event.presenceRaw,
      state: event.stateRaw,
      allocation: event.allocationRaw,
      direction: event.directionRaw,
      reasonId: event.reason?.reasonId ?? null,
      reasonName: event.reason?.name ?? null,
      reasonListId: event.reason?.list?.reasonListId ?? null,
      // What the chain names may not have begun yet, or lie outside; then there is no event to show.
      nextEventId:
        known?.['nextEventId'] && event.next ? event.next.eventId : (known?.['nextEventId'] ?? null),
    });
  }
  return told;
};

/** What differs between the two, one line each; empty when the mirror is upstream's truth. */
export const differences = (
  truth: ReadonlyMap<string, Told>,
  events: ReadonlyMap<string, Told>,
): string[] => {
  const lines: string[] = [];
  for (const [eventId, told] of truth) {
    const ours = events.get(eventId);
    if (!ours) {
      lines.push(`${eventId} of ${told['start']} is missing`);
      continue;
    }
    for (const [field, theirs] of Object.entries(told)) {
      if (ours[field] !== theirs) {
        lines.push(`${eventId} of ${told['start']}: ${field} is ${ours[field]}, upstream ${theirs}`);
      }
    }
  }
  for (const eventId of events.keys()) if (!truth.has(eventId)) lines.push(`${eventId} is not upstream's`);
  return lines;
};
