import type { ChangeLogRecorder } from './changeLogRecorder.ts';
import {
  type EventFacts,
  eventChangeText,
  type StatusFacts,
  stateChangeText,
  statusText,
  type TransferFacts,
  transferChangeText,
} from './facts.ts';
import { eventFilter, type Filter, type FilterWorld, statusFilter, transferFilter } from './filters.ts';

/** A change as a client took it in; `board`: what it does to a wallboard, null to take the agent off. */
export type Heard = { text: string; board: { agentId: string; status: string | null } | null };

/** What a subscriber follows: a stream under one filter, and what the change log says that it must hear. */
export type Topic = {
  field: 'stateChanges' | 'eventChanges' | 'transferChanges';
  filter: Record<string, unknown> | null;
  document: string;
  /** A change of a batch, as `document` selects it. */
  read(change: unknown): Heard;
  expected(log: ChangeLogRecorder, afterSeq: number, toSeq: number): string[];
};

export type StatusTopic = Topic & { holds(facts: StatusFacts): boolean };

const documentOf = (field: Topic['field'], filterType: string, selection: string): string => {
  const [variable, argument] =
    field === 'stateChanges' ? [', $snapshot: Boolean', ', snapshot: $snapshot'] : ['', ''];
  return `subscription ($filter: ${filterType}, $after: Cursor, $batchSize: Int${variable}) {
    batches: ${field}(filter: $filter, after: $after, batchSize: $batchSize${argument}) {
      phase cursor changes { ${selection} }
    }
  }`;
};

export const STATUS_FIELDS =
  'event { eventId } state presence direction allocation reason { name } since sinceEvent inferred';
export const STATE_CHANGE_FIELDS = `kind agent { agentId } before { ${STATUS_FIELDS} } after { ${STATUS_FIELDS} }`;
const EVENT_FIELDS = 'eventId agent { agentId } state presence reason { name } start end endSource revision';

export type SentStatus = {
  event: { eventId: string };
  reason: { name: string | null } | null;
  since: string;
  sinceEvent: string;
} & Pick<StatusFacts, 'state' | 'presence' | 'direction' | 'allocation' | 'inferred'>;
type SentEvent = {
  agent: { agentId: string };
  reason: { name: string | null } | null;
  start: string;
  end: string | null;
} & Pick<EventFacts, 'eventId' | 'state' | 'presence' | 'endSource' | 'revision'>;
type SentTransfer = {
  interactionId: string;
  fromAgent: { agentId: string };
  toAgent: { agentId: string };
  start: string;
  end: string | null;
};

export const statusFactsOf = (agentId: string, sent: SentStatus): StatusFacts => ({
  ...sent,
  agentId,
  eventId: sent.event.eventId,
  reason: sent.reason?.name ?? null,
  sinceMs: Date.parse(sent.since),
  sinceEventMs: Date.parse(sent.sinceEvent),
});
const eventFactsOf = (sent: SentEvent): EventFacts => ({
  ...sent,
  agentId: sent.agent.agentId,
  reason: sent.reason?.name ?? null,
  startMs: Date.parse(sent.start),
  endMs: sent.end === null ? null : Date.parse(sent.end),
});
const transferFactsOf = (sent: SentTransfer): TransferFacts => ({
  interactionId: sent.interactionId,
  fromAgentId: sent.fromAgent.agentId,
  toAgentId: sent.toAgent.agentId,
  startMs: Date.parse(sent.start),
  endMs: sent.end === null ? null : Date.parse(sent.end),
});

const orNull = <Sent, Facts>(sent: Sent | null, factsOf: (sent: Sent) => Facts): Facts | null =>
  sent === null ? null : factsOf(sent);

export const followStates = (world: FilterWorld): StatusTopic => statesUnder(statusFilter(world));

export const statesUnder = ({ input, holds }: Filter<StatusFacts>): StatusTopic => {
  return {
    field: 'stateChanges',
    filter: input,
    holds,
    document: documentOf('stateChanges', 'AgentStatusFilter', STATE_CHANGE_FIELDS),
    read(change) {
      // As the document above selects it.
      const { kind, agent, ...sent } = change as {
        kind: string;
        agent: { agentId: string };
        before: SentStatus | null;
        after: SentStatus | null;
      };
      const { agentId } = agent;
      const before = orNull(sent.before, (one) => statusFactsOf(agentId, one));
      const after = orNull(sent.after, (one) => statusFactsOf(agentId, one));
      const status = kind === 'LEFT' || after === null ? null : statusText(after);
      return { text: stateChangeText({ kind, agentId, before, after }), board: { agentId, status } };
    },
    expected: (log, afterSeq, toSeq) => log.states(holds, afterSeq, toSeq),
  };
};

export const followEvents = (world: FilterWorld): Topic => {
  const { input, holds } = eventFilter(world);
  return {
    field: 'eventChanges',
    filter: input,
    document: documentOf(
      'eventChanges',
      'EventFilter',
      `kind event { ${EVENT_FIELDS} } before { ${EVENT_FIELDS} }`,
    ),
    read(change) {
      // As the document above selects it.
      const { kind, event, before } = change as { kind: string; event: SentEvent; before: SentEvent | null };
      const text = eventChangeText({
        kind,
        before: orNull(before, eventFactsOf),
        after: eventFactsOf(event),
      });
      return { text, board: null };
    },
    expected: (log, afterSeq, toSeq) => log.events(holds, afterSeq, toSeq),
  };
};

export const followTransfers = (world: FilterWorld): Topic => {
  const { input, holds } = transferFilter(world);
  const fields = 'interactionId fromAgent { agentId } toAgent { agentId } start end';
  return {
    field: 'transferChanges',
    filter: input,
    document: documentOf(
      'transferChanges',
      'TransferFilter',
      `kind transfer { ${fields} } before { ${fields} }`,
    ),
    read(change) {
      // As the document above selects it.
      const { kind, transfer, before } = change as {
        kind: string;
        transfer: SentTransfer;
        before: SentTransfer | null;
      };
      const text = transferChangeText({
        kind,
        before: orNull(before, transferFactsOf),
        after: transferFactsOf(transfer),
      });
      return { text, board: null };
    },
    expected: (log, afterSeq, toSeq) => log.transfers(holds, afterSeq, toSeq),
  };
};
