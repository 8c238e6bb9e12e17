import { errorBody, type FeedAnswer, type WireFault } from './answer.ts';
import type { SimulatorFaults } from './faults.ts';
import type { PageRow } from './page.ts';
import { type Random, share } from './random.ts';

/** Rates of 0 and 1 draw nothing, so that switching one fault on does not move the others. */
export const hit = (rate: number, rng: Random): boolean => rate > 0 && (rate >= 1 || rng() < rate);

/** Faults that answer instead of the page. */
export const chooseRefusal = (faults: SimulatorFaults, nowMs: number, rng: Random): FeedAnswer | null => {
  const refuse = (status: number, message: string, fault: string): FeedAnswer => ({
    status,
    headers: {},
    body: errorBody(status, message),
    fault,
    wire: null,
  });
  if (faults.outages.some((outage) => nowMs >= outage.fromMs && nowMs < outage.toMs)) {
    return { ...refuse(503, 'outage', 'OUTAGE'), wire: 'RESET' };
  }
  if (hit(faults.reset, rng)) return { ...refuse(503, 'connection reset', 'RESET'), wire: 'RESET' };
  if (hit(faults.unauthorized, rng)) {
    const answer = refuse(401, 'the credentials were refused', 'UNAUTHORIZED');
    return { ...answer, headers: { 'www-authenticate': 'Basic realm="CxEngage"' } };
  }
  if (hit(faults.http429, rng)) {
    const answer = refuse(429, 'too many requests', 'HTTP_429');
    return { ...answer, headers: { 'retry-after': String(faults.retryAfterSeconds) } };
  }
  if (faults.storm > 0 && share(Math.floor(nowMs / 60_000), 81) < faults.storm) {
    return refuse(503, 'the service is unavailable', 'STORM');
  }
  if (hit(faults.http5xx, rng)) {
    const status = [500, 502, 503, 504][Math.floor(rng() * 4)] ?? 500;
    return refuse(status, 'the server failed', 'HTTP_5XX');
  }
  if (hit(faults.redirect, rng)) {
    const answer = refuse(302, 'moved', 'REDIRECT');
    return { ...answer, headers: { location: faults.redirectUrl } };
  }
  if (hit(faults.html, rng)) {
    const body =
      '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>';
    return { status: 200, headers: { 'content-type': 'text/html' }, body, fault: 'HTML', wire: null };
  }
  return null;
};

export const chooseWireFault = (faults: SimulatorFaults, rng: Random): WireFault | null => {
  if (hit(faults.slowBody, rng)) return 'SLOW_BODY';
  if (hit(faults.stall, rng)) return 'STALL';
  if (hit(faults.truncate, rng)) return 'TRUNCATE';
  if (hit(faults.gzipTruncate, rng)) return 'GZIP_TRUNCATE';
  if (hit(faults.gzipNoTrailer, rng)) return 'GZIP_NO_TRAILER';
  if (hit(faults.bomb, rng)) return 'BOMB';
  return null;
};

/** Faults inside a well-formed 200. */
export const applyRowFaults = (
  rows: PageRow[],
  context: {
    faults: SimulatorFaults;
    rng: Random;
    rowsBefore: () => PageRow[];
    offset: number;
    tenantId: string;
  },
): { rows: PageRow[]; total: number; offset: number; tenantId: string; fault: string | null } => {
  const { faults, rng, offset, tenantId } = context;
  const answer = { rows, total: rows.length, offset, tenantId, fault: null };
  if (hit(faults.empty, rng)) return { ...answer, rows: [], total: 0, fault: 'EMPTY' };
  if (hit(faults.missingRows, rng)) {
    const left = rows.filter(() => rng() < 0.9);
    return { ...answer, rows: left, total: left.length, fault: 'MISSING_ROWS' };
  }
  if (hit(faults.foreignTenant, rng)) {
    const foreign = rows.map(asForeign);
    return { ...answer, rows: foreign, tenantId: asForeignId(tenantId), fault: 'FOREIGN_TENANT' };
  }
  if (hit(faults.outsideRows, rng)) {
    const outside = context.rowsBefore().slice(-5);
    const all = [...outside, ...rows];
    return { ...answer, rows: all, total: all.length, fault: 'OUTSIDE_ROWS' };
  }
  if (offset > 0 && hit(faults.shiftPages, rng)) {
    // A row that went before this page moves the rest forward, one that came moves it back.
    const moved = rng() < 0.5 ? 1 : -1;
    return { ...answer, offset: offset + moved, total: rows.length - moved, fault: 'SHIFT_PAGES' };
  }
  if (hit(faults.wrongTotal, rng)) {
    return { ...answer, total: rows.length + 1 + Math.floor(rng() * 10), fault: 'WRONG_TOTAL' };
  }
  return answer;
};

const asForeignId = (id: string): string => `${id.slice(0, -4)}f0f0`;

const asForeign = (row: PageRow): PageRow => {
  if (typeof row !== 'object' || row === null) return row;
  const foreign = { ...row };
  if (row.agentId) foreign.agentId = asForeignId(row.agentId);
  if (row.eventId) foreign.eventId = asForeignId(row.eventId);
  if (row.sessionId) foreign.sessionId = asForeignId(row.sessionId);
  return foreign;
};
