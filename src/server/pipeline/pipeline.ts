import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeGraphql,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import { isStepped } from '../../schema/stepped.ts';
import type { Logger } from '../logger.ts';
import type { OperationLimits } from '../settings.ts';
import { blameLiterals, blameVariables } from './blame.ts';
import { createCohorts } from './cohorts.ts';
import { type Cost, costOf } from './cost.ts';
import { createFacts, type Fact } from './facts.ts';
import { codeErrors, maskError } from './mask.ts';
import type {
  OperationParams,
  OperationRequest,
  Preparation,
  PreparedOperation,
  RefusalStage,
  ResultStream,
} from './operation.ts';
import { readParams } from './params.ts';
import type { DocumentShape } from './shape.ts';
import { createShare } from './share.ts';
import { createStream } from './stream.ts';
import { createStreamWarden, tokenExpired } from './streamWarden.ts';

/** Told of what happens, for metrics. */
export type PipelineObserver = {
  refused(request: OperationRequest, code: string): void;
  costed(cost: number): void;
  executed(operation: PreparedOperation, seconds: number, failed: boolean): void;
  streamOpened(operation: PreparedOperation): void;
  delivered(operation: PreparedOperation, count: number): void;
  streamEnded(operation: PreparedOperation, code: string | null): void;
};

export type Pipeline = {
  /** Everything up to execution. Never throws: what is wrong comes back as errors with codes. */
  prepare(params: OperationParams, request: OperationRequest): Preparation;
  /** Runs a query or mutation. Never rejects. */
  execute(operation: PreparedOperation): ExecutionResult | Promise<ExecutionResult>;
  /** Opens a prepared subscription, which holds a place among the streams since then: a stream, or the errors that kept it from opening. Never rejects. */
  subscribe(operation: PreparedOperation): Promise<ResultStream | ExecutionResult>;
  activeStreams(): number;
};

export type PipelineParts = {
  schema: GraphQLSchema;
  /** Parses and validates, with yoga's caches. */
  engine: Pick<YogaServerInstance<object, object>, 'getEnveloped'>;
  limits: OperationLimits;
  streamsPerConnection: number;
  streamLimit: number;
  slowConsumerMs: number;
  clock: Clock;
  log: Logger;
  /** For what is done for many requests at once: what all are told must name none of them. */
  newRequestId(): string;
  observer: PipelineObserver;
};

export const createPipeline = (parts: PipelineParts): Pipeline => {
  const { schema, engine, limits, clock, log, observer } = parts;
  const warden = createStreamWarden(clock, parts.slowConsumerMs, log);
  const share = createShare();
  const cohorts = createCohorts(clock);
  let openStreams = 0;
  const factOf = createFacts();

  const tooExpensive = (what: keyof OperationLimits, requested: number): GraphQLError =>
    clientError(
      'QUERY_TOO_EXPENSIVE',
      `The operation's ${what} is ${requested}; the limit is ${limits[what]}.`,
      {
        [what]: { requested: Number.isFinite(requested) ? requested : null, limit: limits[what] },
      },
    );

  const tooCostly = ({ objects, dearest }: Cost): GraphQLError => {
    const path = dearest?.path.join('.') ?? '';
    const share = (dearest?.objects ?? 0) / objects;
    return clientError(
      'QUERY_TOO_EXPENSIVE',
      `The operation could return ${objects} objects; the limit is ${limits.cost}. \`${path}\` alone makes ${Math.round(share * 100)} % of them: ask for smaller pages on the way to it.`,
      {
        cost: { requested: objects, limit: limits.cost, dearest: { path, objects: dearest?.objects, share } },
      },
    );
  };

  const excessOf = (shape: DocumentShape): GraphQLError | null => {
    for (const what of ['depth', 'aliases', 'rootFields'] as const) {
      if (shape[what] > limits[what]) return tooExpensive(what, shape[what]);
    }
    return null;
  };

  const parseFailure = (error: unknown, requestId: string): GraphQLError => {
    if (!(error instanceof GraphQLError)) return maskError(error, requestId, log);
    // graphql-js has no code for it; the text (its slip of the pen included) is its only mark.
    if (/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(error.message)) {
      return clientError('QUERY_TOO_EXPENSIVE', `The document has more than ${limits.tokens} tokens.`, {
        tokens: { requested: null, limit: limits.tokens },
      });
    }
    return codeErrors([error], 'GRAPHQL_PARSE_FAILED')[0] ?? error;
  };

  const examine = (params: OperationParams, request: OperationRequest): Preparation => {
    const refuse = (stage: RefusalStage, errors: readonly GraphQLError[]): Preparation => ({
      ready: false,
      refusal: { stage, errors },
    });
    const { viewer } = request;
    if (viewer.kind === 'JWT' && clock.nowMs() >= viewer.expiresAtMs)
      return refuse('ADMISSION', [tokenExpired()]);

    const read = readParams(params);
    if (read instanceof GraphQLError) return refuse('REQUEST', [read]);

    const enveloped = engine.getEnveloped(request);
    let document: DocumentNode;
    try {
      document = enveloped.parse(read.query);
    } catch (error) {
      return refuse('DOCUMENT', [parseFailure(error, request.requestId)]);
    }
    const node = getOperationAST(document, read.operationName);
    if (!node) {
      const message = read.operationName
        ? `The document has no operation named "${read.operationName}".`
        : 'The document must have one operation, or `operationName` say which.';
      return refuse('DOCUMENT', [clientError('GRAPHQL_VALIDATION_FAILED', message)]);
    }
    const fact = factOf(document, node);
    // Before validation, whose own rules are quadratic in the fields.
    const excess = excessOf(fact.shape);
    if (excess) return refuse('DOCUMENT', [excess]);

    // Typed `any[]` by envelop; graphql-js's validate returns these.
    const invalid: readonly GraphQLError[] = enveloped.validate(schema, document);
    if (invalid.length > 0) {
      const blamed = blameLiterals(invalid, document, node);
      return refuse('DOCUMENT', codeErrors(blamed, 'GRAPHQL_VALIDATION_FAILED'));
    }

    const coerced = getVariableValues(schema, node.variableDefinitions ?? [], read.variables, {
      maxErrors: 20,
    });
    if (coerced.errors) {
      const blamed = blameVariables(coerced.errors, schema, document, node, read.variables);
      return refuse('DOCUMENT', codeErrors(blamed, 'BAD_USER_INPUT'));
    }

    const cost = costOf(schema, node, fact.fragments, coerced.coerced, limits);
    observer.costed(cost.objects);
    if (cost.objects > limits.cost) return refuse('ADMISSION', [tooCostly(cost)]);

    const wrongKind = request.refuseKind(node.operation);
    if (wrongKind) return refuse('ADMISSION', [wrongKind]);

    const streams = node.operation === 'subscription';
    if (streams && request.connection.activeStreams >= parts.streamsPerConnection) {
      return refuse('ADMISSION', [tooManyStreams('connection', parts.streamsPerConnection)]);
    }
    if (streams && openStreams >= parts.streamLimit) {
      return refuse('ADMISSION', [tooManyStreams('server', parts.streamLimit)]);
    }
    if (request.tenant.draining.aborted) {
      return refuse('ADMISSION', [
        clientError('SERVER_DRAINING', 'The server is stopping. Reconnect and try again.'),
      ]);
    }

    // Taken here and not when the source opens: a burst on one socket must not pass the limit in between. Whoever
    // prepares a subscription opens it.
    if (streams) {
      request.connection.activeStreams += 1;
      openStreams += 1;
    }
    const args: ExecutionArgs = {
      schema,
      document,
      operationName: read.operationName,
      variableValues: read.variables,
      contextValue: request,
    };
    return {
      ready: true,
      operation: {
        kind: node.operation,
        rootField: rootFieldOf(node),
        args,
        eventDocument: fact.eventDocument,
        cost: { requested: cost.objects, limit: limits.cost },
        request,
        shareKey: streams
          ? JSON.stringify([fact.id, withoutPositions(read.variables, fact), scopeOf(request)])
          : '',
      },
    };
  };

  const prepare = (params: OperationParams, request: OperationRequest): Preparation => {
    let preparation: Preparation;
    try {
      preparation = examine(params, request);
    } catch (error) {
      const errors = [maskError(error, request.requestId, log)];
      preparation = { ready: false, refusal: { stage: 'ADMISSION', errors } };
    }
    if (!preparation.ready) {
      observer.refused(request, String(preparation.refusal.errors[0]?.extensions['code']));
    }
    return preparation;
  };

  const masked = (result: ExecutionResult, requestId: string): ExecutionResult =>
    result.errors
      ? { ...result, errors: result.errors.map((error) => maskError(error, requestId, log)) }
      : result;

  const maskedForAll = (result: ExecutionResult): ExecutionResult =>
    result.errors ? masked(result, parts.newRequestId()) : result;

  const execute = (operation: PreparedOperation): ExecutionResult | Promise<ExecutionResult> => {
    const startMs = clock.monotonicMs();
    const { requestId } = operation.request;
    const finish = (result: ExecutionResult): ExecutionResult => {
      const final = masked(result, requestId);
      observer.executed(operation, (clock.monotonicMs() - startMs) / 1000, final.errors !== undefined);
      return { ...final, extensions: { ...final.extensions, cost: operation.cost } };
    };
    const fail = (error: unknown): ExecutionResult => finish({ errors: [maskError(error, requestId, log)] });
    try {
      // Most resolvers are synchronous, and then so is the answer: no promise, no turn of the loop.
      const result = executeGraphql(operation.args);
      return 'then' in result ? result.then(finish, fail) : finish(result);
    } catch (error) {
      return fail(error);
    }
  };

  const subscribe = async (operation: PreparedOperation): Promise<ResultStream | ExecutionResult> => {
    const { args, request } = operation;
    const { connection, requestId } = request;
    const leave = (): void => {
      connection.activeStreams -= 1;
      openStreams -= 1;
    };
    const ended = new AbortController();
    let opened = false;
    try {
      const source = await createSourceEventStream({
        ...args,
        contextValue: { ...request, signal: ended.signal },
      });
      if (!(Symbol.asyncIterator in source)) return masked(source, requestId);
      opened = true;
      observer.streamOpened(operation);
      const document = isStepped(source) ? operation.eventDocument : args.document;
      return createStream({
        operation,
        source,
        execute: (event) =>
          share.execute(event, operation.shareKey, () => {
            const result = executeGraphql({
              ...args,
              document,
              rootValue: event,
              contextValue: { ...request },
            });
            return 'then' in result ? result.then(maskedForAll) : maskedForAll(result);
          }),
        mask: (error) => maskError(error, requestId, log),
        maskForAll: (error) => maskError(error, parts.newRequestId(), log),
        clock,
        warden,
        cohorts,
        onDelivered: (count) => observer.delivered(operation, count),
        onEnded: (code) => {
          leave();
          ended.abort();
          observer.streamEnded(operation, code);
        },
      });
    } catch (error) {
      return { errors: [maskError(error, requestId, log)] };
    } finally {
      if (!opened) leave();
    }
  };

  return { prepare, execute, subscribe, activeStreams: () => openStreams };
};

const withoutPositions = (variables: Record<string, unknown>, { positions }: Fact) =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !positions.has(name)));

/**
 * What, besides the operation, decides what it shows. Whoever sees a tenant sees all of it: a field that depended on
 * who asks would have to be reflected here.
 */
const scopeOf = ({ tenant, viewer }: OperationRequest): string => `${tenant.tenantId}|${viewer.kind}`;

const tooManyStreams = (where: string, limit: number): GraphQLError =>
  clientError('TOO_MANY_SUBSCRIPTIONS', `No more than ${limit} subscriptions at a time on one ${where}.`, {
    limit,
  });

const rootFieldOf = (operation: OperationDefinitionNode): string => {
  const first = operation.selectionSet.selections[0];
  return first?.kind === Kind.FIELD ? first.name.value : 'fragment';
};
