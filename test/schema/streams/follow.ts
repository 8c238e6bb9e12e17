import type { GatewayContext } from '../../../src/schema/index.ts';
import { openFollower } from '../../fixtures/follower.ts';
import type { Gateway } from '../../fixtures/gateway.ts';

export type Status = {
  state: string | null;
  stateRaw: string | null;
  since: string | null;
  sinceEvent: string | null;
  inferred: boolean;
  event: { eventId: string } | null;
};
export type Change = {
  kind: string;
  agent: { agentId: string };
  before: Status | null;
  after: Status | null;
  observedAt: string;
};
export type Batch<One = Change> = { phase: string; cursor: string; changes: One[] };

export const STATUS_FIELDS = 'state stateRaw since sinceEvent inferred event { eventId }';
export const STATE_CHANGES = `
  subscription ($filter: AgentStatusFilter, $after: Cursor, $snapshot: Boolean, $batchSize: Int) {
    batches: stateChanges(filter: $filter, after: $after, snapshot: $snapshot, batchSize: $batchSize) {
      phase cursor freshThrough completeThrough health
      changes { kind agent { agentId } before { ${STATUS_FIELDS} } after { ${STATUS_FIELDS} } observedAt }
    }
  }`;
export const EVENT_CHANGES = `
  subscription ($filter: EventFilter, $after: Cursor, $batchSize: Int) {
    batches: eventChanges(filter: $filter, after: $after, batchSize: $batchSize) {
      phase cursor changes { kind event { eventId revision end endSource stateRaw } before { eventId revision end stateRaw } }
    }
  }`;
export const TRANSFER_CHANGES = `
  subscription ($filter: TransferFilter, $after: Cursor, $batchSize: Int) {
    batches: transferChanges(filter: $filter, after: $after, batchSize: $batchSize) {
      phase cursor changes { kind transfer { start end toAgent { agentId } } before { end } }
    }
  }`;

/** The code of a GraphQL error, however it came to us. */
export const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'extensions' in thrown
    ? (thrown.extensions as Record<string, unknown>)['code'] // of a GraphQLError
    : thrown;

export type Following<One> = {
  /** The next batch, with time moved on while there is none; throws the stream's error. */
  next(): Promise<Batch<One>>;
  /** Batches up to the first of this phase, and it. */
  until(phase: string): Promise<Batch<One>[]>;
  stop(): void;
};

/**
 * One subscription on the manual clock, taken batch by batch. `context` replaces the gateway's own. Throws what the
 * subscription is refused with.
 */
export const follow = async <One = Change>(
  gateway: Gateway,
  text: string,
  variables: Record<string, unknown> = {},
  context: GatewayContext = gateway.context(),
): Promise<Following<One>> => {
  const follower = await openFollower(gateway, text, variables, context);
  const next = async (): Promise<Batch<One>> => {
    const result = await follower.next();
    if (!result) throw new Error('the stream is over');
    if (result.errors) throw result.errors[0];
    // The operations above name their field so.
    return JSON.parse(JSON.stringify(result.data)).batches as Batch<One>;
  };
  return {
    next,
    async until(phase) {
      const batches: Batch<One>[] = [];
      do batches.push(await next());
      while (batches.at(-1)!.phase !== phase);
      return batches;
    },
    stop: follower.stop,
  };
};

/** The pull twin, from a cursor to the head. */
export const pullAll = async (
  gateway: Gateway,
  after: string,
  variables: { first?: number; filter?: unknown } = {},
): Promise<Change[]> => {
  const changes: Change[] = [];
  let cursor = after;
  for (;;) {
    const { batch } = await gateway.ask<{ batch: Batch }>(
      `query ($after: Cursor!, $first: Int, $filter: AgentStatusFilter) {
        batch: stateChanges(after: $after, first: $first, filter: $filter) {
          phase cursor
          changes { kind agent { agentId } before { ${STATUS_FIELDS} } after { ${STATUS_FIELDS} } observedAt }
        }
      }`,
      { after: cursor, ...variables },
    );
    changes.push(...batch.changes);
    cursor = batch.cursor;
    if (batch.phase === 'HEARTBEAT') return changes;
  }
};

/** A wallboard: agents by id, as the changes leave them. */
export const applyTo = (board: Map<string, Status>, { changes }: Batch): void => {
  for (const { kind, agent, after } of changes) {
    if (kind === 'LEFT' || !after) board.delete(agent.agentId);
    else board.set(agent.agentId, after);
  }
};

/** What agentStatuses says, as a board. */
export const floorOf = async (gateway: Gateway, filter: unknown): Promise<Map<string, Status>> => {
  const { agentStatuses } = await gateway.ask<{
    agentStatuses: { nodes: (Status & { agent: { agentId: string } })[] };
  }>(
    `query ($filter: AgentStatusFilter) {
      agentStatuses(filter: $filter, first: 1000) { nodes { agent { agentId } ${STATUS_FIELDS} } }
    }`,
    { filter },
  );
  return new Map(agentStatuses.nodes.map(({ agent, ...status }) => [agent.agentId, status]));
};
