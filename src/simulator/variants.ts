import type { IdVersion } from './ids.ts';

/** Everything that the vendor's page leaves open. A client must be right under every combination. */
export type SimulatorVariants = {
  /** What `start` and `end` of a request are compared with. `end` never matches a record that is still open. */
  windowFilter: 'start' | 'end' | 'overlap' | 'arrival';
  /** Which edges of the window belong to it. */
  bounds: '[)' | '[]' | '(]' | '()';
  /** Records appear open and are rewritten closed, or appear only once closed; `mixed`: half and half. */
  mutability: 'open-then-closed' | 'closed-only' | 'mixed';
  /** A rewritten record also shows up in the window in which it was rewritten. */
  rewrittenReappears: boolean;
  /** How a session's last record looks. */
  lastRecord: 'closed-no-next' | 'offline-record' | 'never-closed';
  /** A session's last record names the first of the agent's next session, and ends when that begins. */
  chainCrossesSessions: boolean;
  /** What a repeated row looks like (how often rows repeat is the fault `duplicate`; 2 % when only this is set). */
  duplicates: 'none' | 'identical' | 'different';
  /** 4: ids carry no time. */
  idVersion: IdVersion;
  /** The server cuts the milliseconds off `start` and `end`. */
  wholeSeconds: boolean;
  /** A record can be read this long after it arrived. */
  delayMs: number;
};

export const defaultVariants: SimulatorVariants = {
  windowFilter: 'start',
  bounds: '[)',
  mutability: 'open-then-closed',
  rewrittenReappears: false,
  lastRecord: 'closed-no-next',
  chainCrossesSessions: false,
  duplicates: 'none',
  idVersion: 1,
  wholeSeconds: false,
  delayMs: 15_000,
};
