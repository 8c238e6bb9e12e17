/**
 * Reading the mirror: a connection (`createMirrorReader`) and functions over it. Rows carry codes, row ids and packed
 * ids as they are stored; the schema gives them names.
 */

export * from '../codes.ts';
export { packId, unpackId } from '../ids.ts';
export { MOST_BREAKS_LISTED, readCoverageBetween, readGaps, TooManyPartsError } from './chainBreaks.ts';
export * from './changes.ts';
export { rawValue } from './codedValues.ts';
export * from './condition/index.ts';
export { readCoverage } from './coverage.ts';
export type {
  DurationKey,
  DurationsRequest,
  DurationsRow,
} from './durations.ts';
export { DurationsTooLargeError } from './durationTally.ts';
export * from './entities.ts';
export * from './lists/index.ts';
export * from './mirrorFacts.ts';
export { readReasonIdentities } from './oneReason.ts';
export {
  createMirrorReader,
  type MirrorReader,
  type SqlValue,
  WalkTooLongError,
} from './reader.ts';
export * from './rows.ts';
export {
  healthOf,
  lagSecondsOf,
  readStanding,
  readWatermarks,
  type Standing,
  upstreamNowMs,
  type Watermarks,
} from './standing.ts';
export {
  type KnownStatus,
  readCurrentStatuses,
  readSilentAt,
  readStatusesAt,
  readStatusesOf,
} from './statuses.ts';
export {
  type CurrentStatus,
  countCurrentStatuses,
  readNameKeys,
  readStatusPage,
  type StatusOrder,
  statusKeyOf,
} from './statusPages.ts';
export { readStoredEvents, type StoredEvent } from './storedEvents.ts';
export { readTimelines, type Silence, type TimelinePiece } from './timeline.ts';
