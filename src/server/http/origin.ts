import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

export type OriginSettings = {
  allowedOrigins: readonly string[];
  /** Nobody has to show credentials, and only loopback is listened on. */
  openOnLoopback: boolean;
};

/** `crossOrigin` is set when the answer needs CORS headers. */
export type OriginVerdict =
  | { allowed: true; crossOrigin: string | null }
  | { allowed: false; reason: string };

const hostNameOf = (host: string): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();

const isLocalName = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0;

/** A proxy in front passes its own name on; its operator lists it among the origins. */
const isHostOfAny = (host: string, origins: readonly string[]): boolean =>
  origins.some((origin) => URL.canParse(origin) && new URL(origin).host === host);

/**
 * Who may call from a browser. The server's own pages and the allowed origins; nobody else, by any method: with no
 * auth on loopback every web page that the operator visits could otherwise read the floor (CSRF, WebSocket
 * hijacking, and by a rebound DNS name even as "same origin"). Callers that are no browsers send none of these
 * headers and pass.
 */
export const judgeOrigin = (headers: IncomingHttpHeaders, settings: OriginSettings): OriginVerdict => {
  const host = headers.host ?? '';
  if (
    settings.openOnLoopback &&
    !isLocalName(hostNameOf(host)) &&
    !isHostOfAny(host, settings.allowedOrigins)
  ) {
    return {
      allowed: false,
      reason: 'Without auth only loopback names and the hosts of allowed origins are served.',
    };
  }
  const { origin } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    const foreign = site === 'cross-site' || site === 'same-site';
    if (foreign && headers['sec-fetch-mode'] !== 'navigate') {
      return { allowed: false, reason: 'Requests from other sites need an allowed Origin.' };
    }
    return { allowed: true, crossOrigin: null };
  }
  if (settings.allowedOrigins.includes(origin)) return { allowed: true, crossOrigin: origin };
  if (URL.canParse(origin) && new URL(origin).host === host) return { allowed: true, crossOrigin: null };
  return { allowed: false, reason: 'This Origin is not allowed.' };
};

export const corsHeaders = (origin: string | null): OutgoingHttpHeaders =>
  origin === null
    ? {}
    : {
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'x-request-id, retry-after',
        vary: 'Origin',
      };

export const preflightHeaders: OutgoingHttpHeaders = {
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type, accept, authorization, x-api-key, x-tenant-id, x-request-id',
  'access-control-max-age': '7200',
};
