import { buildSchema, type GraphQLSchema } from 'graphql';

type Batch = {
  phase: string;
  cursor: string;
  freshThrough: string | null;
  health: string;
  changes: object[];
};

export type Floor = {
  schema: GraphQLSchema;
  /** What each subscription asked with. */
  asked: { after: string | null; snapshot: boolean }[];
  push(batch: Batch): void;
};

const typeDefs = `
  scalar Cursor
  scalar DateTime
  type Query { hello: String }
  type Agent { agentId: ID! name: String }
  type Reason { name: String }
  type AgentStatus { presence: String! state: String! since: DateTime reason: Reason direction: String }
  type StateChange { kind: String! agent: Agent! after: AgentStatus }
  type StateChangeBatch {
    phase: String! cursor: Cursor! freshThrough: DateTime health: String! changes: [StateChange!]!
  }
  type Subscription {
    stateChanges(after: Cursor, snapshot: Boolean = false, batchSize: Int = 100): StateChangeBatch!
  }
`;

/** The part of the contract that the floor page speaks, fed by hand. */
export const createFloor = (): Floor => {
  const schema = buildSchema(typeDefs);
  const asked: Floor['asked'] = [];
  const queues = new Set<(batch: Batch) => void>();
  const field = schema.getSubscriptionType()?.getFields()['stateChanges'];
  if (!field) throw new Error('the schema above has stateChanges');
  field.subscribe = async function* (_root, args) {
    asked.push({ after: args.after ?? null, snapshot: args.snapshot });
    const waiting: Batch[] = [];
    let wake = () => {};
    const take = (batch: Batch) => {
      waiting.push(batch);
      wake();
    };
    queues.add(take);
    try {
      for (;;) {
        const batch = waiting.shift();
        if (batch) yield batch;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      queues.delete(take);
    }
  };
  field.resolve = (batch) => batch;
  return { schema, asked, push: (batch) => queues.forEach((take) => void take(batch)) };
};
