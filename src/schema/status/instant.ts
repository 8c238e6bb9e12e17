import { type Standing, upstreamNowMs } from '../../mirror/index.ts';
import type { GatewayContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { FilterInput } from '../filter/filter.ts';
import { AHEAD_MS } from '../now.ts';

/** The instant that is asked for, by upstream's clock. */
export type Instant = { kind: 'NOW' | 'PAST'; atMs: number; nowMs: number };

/** Absent is now. An instant to come has no status yet. */
export const instantOf = (
  at: number | null | undefined,
  standing: Standing,
  { clock }: GatewayContext,
): Instant => {
  const nowMs = upstreamNowMs(standing, clock);
  if (at === null || at === undefined) return { kind: 'NOW', atMs: nowMs, nowMs };
  if (at > nowMs + AHEAD_MS) {
    throw clientError('BAD_USER_INPUT', '`at` lies in the future; leave it out for now.', { argument: 'at' });
  }
  return { kind: 'PAST', atMs: at, nowMs };
};

/** Where in a filter it asks for the status now of an agent: the only field of any filter that is called so. */
const statusNowIn = (input: unknown, path: string): string | null => {
  if (typeof input !== 'object' || input === null || Buffer.isBuffer(input)) return null;
  for (const [field, value] of Object.entries(input)) {
    const here = Array.isArray(input) ? `${path}[${field}]` : `${path}.${field}`;
    if (field === 'status' && value !== null) return here;
    const found = statusNowIn(value, here);
    if (found) return found;
  }
  return null;
};

/** What is so now says nothing of an instant of the past: mixed, the answer would be true of neither. */
export const refuseStatusNow = (filter: FilterInput | null | undefined, { kind }: Instant): void => {
  const argument = kind === 'PAST' ? statusNowIn(filter, 'filter') : null;
  if (argument === null) return;
  throw clientError(
    'BAD_USER_INPUT',
    `\`${argument}\` is the agent's status now, and \`at\` asks for another instant. Filter the statuses of that instant by their own fields, as in \`filter: { state: … }\`, or leave \`at\` out.`,
    { argument },
  );
};
