import { buildSchema, GraphQLError, type GraphQLSchema } from 'graphql';

export type ScriptedChange = {
  kind: string;
  agentId: string;
  state?: string;
  presence?: string;
  since?: string;
  reason?: { name: string };
  direction?: string;
};

export type ScriptedBatch = {
  phase: 'SNAPSHOT' | 'SNAPSHOT_END' | 'LIVE' | 'HEARTBEAT';
  cursor: string;
  freshThrough?: string;
  health?: string;
  changes?: readonly ScriptedChange[];
};

export type ScriptedFloor = {
  schema: GraphQLSchema;
  /** What the query `mirror` tells. */
  mirror: { freshThrough: string | null; lagSeconds: number | null };
  /** What each subscription asked with, in order. */
  asked: { after: string | null; snapshot: boolean; filter: unknown }[];
  push(...batches: ScriptedBatch[]): void;
  /** Ends every stream with an error of this code. */
  end(code: string): void;
};

const typeDefs = `
  scalar Cursor
  scalar DateTime
  scalar AgentStatusFilter
  type Query { mirror: Mirror! }
  type Mirror { freshThrough: DateTime lagSeconds: Float }
  type Agent { agentId: ID! name: String }
  type Reason { name: String }
  type AgentStatus {
    agent: Agent! presence: String state: String stateRaw: String since: DateTime inferred: Boolean reason: Reason
    direction: String
  }
  type StateChange { kind: String! agent: Agent! after: AgentStatus }
  type StateChangeBatch {
    phase: String! cursor: Cursor! freshThrough: DateTime completeThrough: DateTime health: String!
    changes: [StateChange!]!
  }
  type Subscription {
    stateChanges(filter: AgentStatusFilter, after: Cursor, snapshot: Boolean = false): StateChangeBatch!
  }
`;

const asBatch = ({ phase, cursor, changes = [], health = 'OK', freshThrough }: ScriptedBatch) => ({
  phase,
  cursor,
  health,
  freshThrough: freshThrough ?? null,
  completeThrough: null,
  changes: changes.map(({ kind, agentId, ...status }) => ({
    kind,
    agent: { agentId },
    after: kind === 'LEFT' ? null : { agent: { agentId, name: agentId }, ...status },
  })),
});

/** The part of the contract that the client speaks, behind the real server, fed by hand. */
export const createScriptedFloor = (): ScriptedFloor => {
  const schema = buildSchema(typeDefs);
  const asked: ScriptedFloor['asked'] = [];
  const streams = new Set<(next: ScriptedBatch | GraphQLError) => void>();
  const field = schema.getSubscriptionType()?.getFields()['stateChanges'];
  if (!field) throw new Error('the schema above has stateChanges');
  field.subscribe = async function* (_root, args) {
    asked.push({ after: args.after ?? null, snapshot: args.snapshot, filter: args.filter ?? null });
    const waiting: (ScriptedBatch | GraphQLError)[] = [];
    let wake = () => {};
    const take = (next: ScriptedBatch | GraphQLError) => {
      waiting.push(next);
      wake();
    };
    streams.add(take);
    try {
      for (;;) {
        const next = waiting.shift();
        if (next instanceof GraphQLError) throw next;
        if (next) yield asBatch(next);
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      streams.delete(take);
    }
  };
  field.resolve = (batch) => batch;
  const mirror: ScriptedFloor['mirror'] = { freshThrough: null, lagSeconds: null };
  const mirrorField = schema.getQueryType()?.getFields()['mirror'];
  if (!mirrorField) throw new Error('the schema above has mirror');
  mirrorField.resolve = () => mirror;
  const tellAll = (next: ScriptedBatch | GraphQLError) => {
    for (const take of streams) take(next);
  };
  return {
    schema,
    mirror,
    asked,
    push(...batches) {
      for (const batch of batches) tellAll(batch);
    },
    end: (code) => tellAll(new GraphQLError(`ended: ${code}`, { extensions: { code } })),
  };
};
