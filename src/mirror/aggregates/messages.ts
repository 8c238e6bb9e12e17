import type { DurationsRequest } from '../reading/durations.ts';
import type { TooLarge } from '../reading/durationTally.ts';

/** What the reader's thread is started with. */
export type ReaderAssignment = { file: string };

/** To the reader's thread. */
export type AggregateQuestion = { id: number; request: DurationsRequest };

/** From it. Rows as JSON: taking them in is a third of the work that copying as many objects is. */
export type AggregateAnswer = { id: number } & (
  | { kind: 'ROWS'; json: string }
  | { kind: 'TOO_LARGE'; what: TooLarge; most: number }
  | { kind: 'FAILED'; message: string }
);
