/**
 * What happens to an operation, whichever transport brought it: shape of the request, token, parse, size of the
 * document, validate, variables, cost, then execute or stream, then mask. No transport has a rule of its own about
 * operations, so HTTP, SSE and WebSocket refuse the same things with the same codes.
 */
export type {
  Connection,
  OperationKind,
  OperationParams,
  OperationRequest,
  Preparation,
  PreparedOperation,
  Refusal,
  ResultSink,
  ResultStream,
} from './operation.ts';
export { createPipeline, type Pipeline, type PipelineObserver } from './pipeline.ts';
export { pulled } from './pulled.ts';
