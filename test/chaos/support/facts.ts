/** What filters speak of here. Enumerations by their GraphQL names, instants in milliseconds UTC; null is absent. */
export type StatusFacts = {
  agentId: string;
  eventId: string;
  state: string | null;
  presence: string | null;
  direction: string | null;
  allocation: string | null;
  reason: string | null;
  sinceMs: number;
  sinceEventMs: number;
  inferred: boolean;
};

export type EventFacts = {
  eventId: string;
  agentId: string;
  state: string | null;
  presence: string | null;
  reason: string | null;
  startMs: number;
  endMs: number | null;
  endSource: string;
  revision: number;
};

export type TransferFacts = {
  interactionId: string;
  fromAgentId: string;
  toAgentId: string;
  startMs: number;
  endMs: number | null;
};

/** One text for each change, the same whether a client heard it or the log says it; texts compare and count fast. */
export const statusText = (facts: StatusFacts | null): string =>
  facts === null
    ? '-'
    : [
        facts.eventId,
        facts.state,
        facts.presence,
        facts.direction,
        facts.allocation,
        facts.reason,
        facts.sinceMs,
        facts.sinceEventMs,
        facts.inferred,
      ].join(' ');

export const stateChangeText = (change: {
  kind: string;
  agentId: string;
  before: StatusFacts | null;
  after: StatusFacts | null;
}): string => `${change.kind} ${change.agentId} | ${statusText(change.before)} | ${statusText(change.after)}`;

const eventText = (facts: EventFacts | null): string =>
  facts === null
    ? '-'
    : [
        facts.eventId,
        facts.agentId,
        facts.state,
        facts.presence,
        facts.reason,
        facts.startMs,
        facts.endMs,
        facts.endSource,
        facts.revision,
      ].join(' ');

export const eventChangeText = (change: {
  kind: string;
  before: EventFacts | null;
  after: EventFacts;
}): string => `${change.kind} | ${eventText(change.before)} | ${eventText(change.after)}`;

export const transferChangeText = (change: {
  kind: string;
  before: TransferFacts | null;
  after: TransferFacts;
}): string =>
  [
    change.kind,
    change.after.interactionId,
    change.after.fromAgentId,
    change.after.toAgentId,
    change.after.startMs,
    change.before?.endMs,
    change.after.endMs,
  ].join(' ');
