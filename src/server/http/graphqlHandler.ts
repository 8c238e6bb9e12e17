import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import { clientError, type ErrorCode } from '../../schema/errors.ts';
import { type Admission, type Authenticator, credentialsOfHeaders } from '../auth/authenticate.ts';
import type { OperationKind, OperationParams, OperationRequest, Pipeline } from '../pipeline/index.ts';
import { fixedStatusOf, sendErrors, statusOfError, statusOfRefusal, statusOfResult } from './answer.ts';
import { readBody } from './body.ts';
import { sendCompressed } from './compress.ts';
import { negotiateFormat, type ResultFormat } from './negotiate.ts';
import { type EventsParts, sendEvents } from './sse.ts';

export type GraphqlHandlerParts = {
  pipeline: Pipeline;
  authenticator: Authenticator;
  clock: Clock;
  bodyLimitBytes: number;
  events: EventsParts;
};

/** Answers one request to /graphql; `headers` are those that every answer carries. */
export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  requestId: string,
  headers: OutgoingHttpHeaders,
) => Promise<void>;

type ReadRequest = { params: OperationParams } | { refusal: GraphQLError; close?: boolean };

const refuse = (code: ErrorCode, message: string): ReadRequest => ({ refusal: clientError(code, message) });

const neverAborted = new AbortController().signal;

const parseJson = (text: string): { value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};

const paramsOfJson = (text: string, what: string): ReadRequest => {
  const json = parseJson(text);
  if (!json) return refuse('MALFORMED_REQUEST', `${what} is not JSON.`);
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value)) {
    return refuse('MALFORMED_REQUEST', `${what} must be one JSON object; batches are not served.`);
  }
  return { params: json.value };
};

const readPost = async (request: IncomingMessage, bodyLimitBytes: number): Promise<ReadRequest> => {
  // Only JSON: every other type that a form can send would let foreign pages post without a preflight.
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (!/^application\/json *(;|$)/.test(type) || /charset=(?!"?utf-?8)/.test(type)) {
    return refuse('UNSUPPORTED_MEDIA_TYPE', 'Send application/json in UTF-8.');
  }
  if (!['identity', undefined].includes(request.headers['content-encoding'])) {
    return refuse('UNSUPPORTED_MEDIA_TYPE', 'Send the body uncompressed.');
  }
  const body = await readBody(request, bodyLimitBytes);
  if (body.kind === 'TOO_LARGE') {
    return {
      refusal: clientError('PAYLOAD_TOO_LARGE', `The body is over ${bodyLimitBytes} bytes.`),
      close: true,
    };
  }
  if (body.kind !== 'TEXT') return refuse('MALFORMED_REQUEST', 'The body is cut short or not UTF-8.');
  return paramsOfJson(body.text, 'The body');
};

const readGet = (url: URL): ReadRequest => {
  const params: OperationParams = {};
  for (const name of ['query', 'operationName'] as const) {
    const value = url.searchParams.get(name);
    if (value !== null) params[name] = value;
  }
  for (const name of ['variables', 'extensions'] as const) {
    const value = url.searchParams.get(name);
    if (value === null || value === '') continue;
    const json = parseJson(value);
    if (!json) return refuse('MALFORMED_REQUEST', `\`${name}\` is not JSON.`);
    params[name] = json.value;
  }
  return { params };
};

/**
 * GraphQL over HTTP on node's own request and response: POST and GET as JSON, both also as server-sent events.
 * Statuses follow the GraphQL-over-HTTP audits.
 */
export const createGraphqlHandler = (parts: GraphqlHandlerParts): GraphqlHandler => {
  const { pipeline, clock } = parts;

  const refuseKind = (kind: OperationKind, method: string, format: ResultFormat): GraphQLError | null => {
    if (kind === 'mutation' && method === 'GET')
      return clientError('METHOD_NOT_ALLOWED', 'Mutations go by POST only.');
    if (kind === 'subscription' && format !== 'text/event-stream') {
      return clientError('NOT_ACCEPTABLE', 'Subscriptions go by text/event-stream or WebSocket.');
    }
    return null;
  };

  const requestOf = (
    admission: Admission & { ok: true },
    requestId: string,
    format: ResultFormat,
    method: string,
    response: ServerResponse,
  ): OperationRequest => {
    let signal = neverAborted;
    if (format === 'text/event-stream') {
      const gone = new AbortController();
      // Admission may have taken longer than the client stayed: its close has then been told already.
      if (response.destroyed) gone.abort();
      else response.on('close', () => gone.abort());
      signal = gone.signal;
    }
    return {
      tenant: admission.tenant,
      viewer: admission.viewer,
      clock,
      requestId,
      transport: format === 'text/event-stream' ? 'sse' : 'http',
      connection: { activeStreams: 0 },
      refuseKind: (kind) => refuseKind(kind, method, format),
      signal,
    };
  };

  return async (request, response, url, requestId, headers) => {
    const method = request.method ?? '';
    const fail = (error: GraphQLError, extra: OutgoingHttpHeaders = {}) =>
      sendErrors(response, statusOfError(error), { ...headers, ...extra }, [error]);

    if (method !== 'GET' && method !== 'POST') {
      return fail(clientError('METHOD_NOT_ALLOWED', 'Use GET or POST.'), { allow: 'GET, POST' });
    }
    const format = negotiateFormat(request.headers.accept);
    if (!format) {
      return fail(
        clientError(
          'NOT_ACCEPTABLE',
          'Accept application/graphql-response+json, application/json or text/event-stream.',
        ),
      );
    }
    const admitted = parts.authenticator.admit(credentialsOfHeaders(request.headers));
    const admission = admitted instanceof Promise ? await admitted : admitted;
    if (!admission.ok) {
      const challenge = statusOfError(admission.error) === 401 ? { 'www-authenticate': 'Bearer' } : {};
      return fail(admission.error, challenge);
    }
    const read = method === 'GET' ? readGet(url) : await readPost(request, parts.bodyLimitBytes);
    if ('refusal' in read) return fail(read.refusal, read.close ? { connection: 'close' } : {});

    const prepared = pipeline.prepare(read.params, requestOf(admission, requestId, format, method, response));
    const contentType = { 'content-type': `${format}; charset=utf-8` };
    if (!prepared.ready) {
      const { stage, errors } = prepared.refusal;
      const [error] = errors;
      const events = format === 'text/event-stream';
      if (events && stage !== 'REQUEST' && !fixedStatusOf(error)) {
        return sendEvents(response, headers, { errors }, parts.events);
      }
      const status = error ? statusOfRefusal(stage, error, format) : 400;
      const allow = status === 405 ? { allow: 'POST' } : {};
      return sendErrors(response, status, { ...headers, ...allow, ...(events ? {} : contentType) }, errors);
    }
    const { operation } = prepared;
    if (operation.kind === 'subscription') {
      return sendEvents(response, headers, await pipeline.subscribe(operation), parts.events);
    }
    const executed = pipeline.execute(operation);
    const result: ExecutionResult = executed instanceof Promise ? await executed : executed;
    if (format === 'text/event-stream') return sendEvents(response, headers, result, parts.events);
    const status = statusOfResult(result, format);
    await sendCompressed(request, response, status, { ...headers, ...contentType }, JSON.stringify(result));
  };
};
