import type { PageRow } from './page.ts';

export type WireFault =
  | 'SLOW_BODY'
  | 'STALL'
  | 'RESET'
  | 'TRUNCATE'
  | 'GZIP_TRUNCATE'
  | 'GZIP_NO_TRAILER'
  | 'BOMB';

export type Envelope = {
  tenantId: string;
  timezone: 'UTC';
  limit: number;
  offset: number;
  start: string;
  page: '0';
  total: number;
  end: string;
  results: PageRow[];
};

export type ErrorBody = { status: number; error: string; message: string };

export type FeedAnswer = {
  status: number;
  headers: Record<string, string>;
  /** A string is sent as it is (HTML), an object as JSON. */
  body: Envelope | ErrorBody | string;
  /** The fault that shaped this answer, if one did. */
  fault: string | null;
  /** What goes wrong on the wire while this answer is sent; a caller without sockets counts it as a failed read. */
  wire: WireFault | null;
};

export const errorBody = (status: number, message: string): ErrorBody => ({
  status,
  error: ERROR_NAMES[status] ?? 'Error',
  message,
});

const ERROR_NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
