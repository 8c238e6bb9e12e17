import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../../schema/context.ts';

/** What a client sent, as it came: nothing of it is trusted yet. */
export type OperationParams = {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
  extensions?: unknown;
};

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** One TCP peer: counts the streams that it holds open. */
export type Connection = { activeStreams: number };

/** What a transport knows about a request before its operation is read. */
export type OperationRequest = GatewayContext & {
  requestId: string;
  transport: 'http' | 'sse' | 'websocket';
  connection: Connection;
  /** Operations that the transport cannot carry; null: it can. */
  refuseKind(kind: OperationKind): GraphQLError | null;
  /** Aborted when the transport gives up on the operation. */
  signal: AbortSignal;
};

export type OperationCost = { requested: number; limit: number };

export type PreparedOperation = {
  kind: OperationKind;
  /** Fields at the root, for metrics: schema names only, so that no client makes a label. */
  rootField: string;
  args: ExecutionArgs;
  /** See Fact. */
  eventDocument: DocumentNode;
  cost: OperationCost;
  request: OperationRequest;
  /** Equal for operations that give equal results for equal events. */
  shareKey: string;
};

/** How far a refused operation came; HTTP statuses follow from it. */
export type RefusalStage = 'REQUEST' | 'DOCUMENT' | 'ADMISSION';

export type Refusal = { stage: RefusalStage; errors: readonly GraphQLError[] };

export type Preparation = { ready: true; operation: PreparedOperation } | { ready: false; refusal: Refusal };

/** Where a stream's results go as they come. Nothing is handed to a sink without room but the error that ends it. */
export type ResultSink = {
  /** Takes a result; whether there is room for another. A shared result is the same object for all who get it. */
  take(result: ExecutionResult): boolean;
  /** Calls back once, as soon as there is room. Called after `take` answered that there is none. */
  whenRoom(go: () => void): void;
  /** Nothing more comes. */
  ended(): void;
};

export type ResultStream = {
  /** Hands everything to the sink, from the beginning. Called once. */
  follow(sink: ResultSink): void;
  /** Ends the stream: `error` is its last result, with the cursor of the last batch handed out. */
  interrupt(error: GraphQLError): void;
  /** Ends it without a word: nobody is left to hear one. */
  stop(): void;
};
