import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import { type Authenticator, credentialsOfHeaders } from '../auth/authenticate.ts';
import type { Logger } from '../logger.ts';
import { maskError } from '../pipeline/mask.ts';
import { send, sendErrors, statusOfError } from './answer.ts';
import type { GraphqlHandler } from './graphqlHandler.ts';
import { wantsPage } from './negotiate.ts';
import { corsHeaders, judgeOrigin, type OriginSettings, preflightHeaders } from './origin.ts';
import type { Pages } from './pages.ts';

/** An answer of one of the operator's paths. */
export type Report = { status: number; contentType: string; body: string };

export type ApplicationParts = {
  graphql: GraphqlHandler;
  pages: Pages;
  /** Open to everybody: they say nothing about data. */
  probes: Readonly<Record<string, () => Report | Promise<Report>>>;
  /** Need credentials, for all tenants when there are several. */
  reports: Readonly<Record<string, () => Report | Promise<Report>>>;
  authenticator: Authenticator;
  origins: OriginSettings;
  clock: Clock;
  log: Logger;
  newRequestId(): string;
  onAnswered(route: string, status: number, seconds: number): void;
};

const securityHeaders: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** A caller's own id is kept when it looks like one, so that its log and ours meet. */
const requestIdOf = (request: IncomingMessage, newRequestId: () => string): string => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : newRequestId();
};

/** Which page, probe or GraphQL answers a request; whatever throws becomes a masked 500. */
export const createApplication = (parts: ApplicationParts): RequestListener => {
  const { clock } = parts;

  const report = async (
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
    make: () => Report | Promise<Report>,
  ) => {
    const { status, contentType, body } = await make();
    send(response, status, { ...headers, 'content-type': contentType }, body);
  };

  const route = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    url: URL,
    requestId: string,
  ): Promise<void> => {
    const verdict = judgeOrigin(request.headers, parts.origins);
    const headers: OutgoingHttpHeaders = { ...securityHeaders, 'x-request-id': requestId };
    if (!verdict.allowed) {
      return sendErrors(response, 403, headers, [clientError('FORBIDDEN', verdict.reason)]);
    }
    Object.assign(headers, corsHeaders(verdict.crossOrigin));
    if (request.method === 'OPTIONS') return send(response, 204, { ...headers, ...preflightHeaders }, '');

    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (path === '/graphql') {
      if (reads && wantsPage(request.headers.accept) && !url.searchParams.has('query')) {
        return parts.pages.send('/graphql', request, response, headers);
      }
      return parts.graphql(request, response, url, requestId, headers);
    }
    if (!reads) {
      const error = clientError('METHOD_NOT_ALLOWED', 'Use GET.');
      return sendErrors(response, 405, { ...headers, allow: 'GET, HEAD' }, [error]);
    }
    const probe = parts.probes[path];
    if (probe) return report(response, headers, probe);
    const guarded = parts.reports[path];
    if (guarded) {
      const admission = await parts.authenticator.admitOperator(credentialsOfHeaders(request.headers));
      if (!admission.ok) {
        return sendErrors(response, statusOfError(admission.error), headers, [admission.error]);
      }
      return report(response, headers, guarded);
    }
    if (parts.pages.has(path)) return parts.pages.send(path, request, response, headers);
    sendErrors(response, 404, headers, [clientError('MALFORMED_REQUEST', `Nothing is at ${path}.`)]);
  };

  const known = new Set(['/', '/graphql', ...Object.keys(parts.probes), ...Object.keys(parts.reports)]);

  return (request, response) => {
    const startMs = clock.monotonicMs();
    const requestId = requestIdOf(request, parts.newRequestId);
    const target = request.url ?? '/';
    const base = 'http://gateway';
    const url = URL.canParse(base + target) ? new URL(base + target) : new URL(`${base}/malformed`);
    const path = url.pathname;
    response.on('close', () => {
      const streamed = response.getHeader('content-type')?.toString().startsWith('text/event-stream');
      if (streamed) return;
      const seconds = (clock.monotonicMs() - startMs) / 1000;
      parts.onAnswered(known.has(path) ? path : 'other', response.statusCode, seconds);
    });
    route(request, response, path, url, requestId).catch((error: unknown) => {
      const masked = maskError(error, requestId, parts.log);
      if (response.headersSent) response.destroy();
      else sendErrors(response, 500, { ...securityHeaders, 'x-request-id': requestId }, [masked]);
    });
  };
};
