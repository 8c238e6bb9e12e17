import type { DurationsRequest, DurationsRow } from '../reading/durations.ts';
import { readDurations } from '../reading/durations.ts';
import type { MirrorReader } from '../reading/reader.ts';

/**
 * Reads that may take long: handed in like the reader, and away from the thread that answers everybody.
 * Each sees one commit, the newest when its turn comes. Rejects with DurationsTooLargeError, AggregatesBusyError.
 */
export type Aggregates = { durations(request: DurationsRequest): Promise<DurationsRow[]> };

/** So many aggregates wait already that another would wait for minutes. */
export class AggregatesBusyError extends Error {}

/** On the reader's own thread, where nobody else waits for it. */
export const aggregatesOn = (reader: MirrorReader): Aggregates => ({
  durations: async (request) => readDurations(reader, request),
});
