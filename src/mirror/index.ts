/**
 * One tenant's mirror: a SQLite file, written by applying frames and by nothing else, read through `MirrorReader`.
 *
 * `openWriter` guarantees: a frame is applied whole or not at all, in the transaction that makes it durable; `append` is
 * refused unless the caller computed its frame at the head; the same frames give the same facts, ids and change log;
 * kill -9 at any instant leaves a mirror that holds every frame it acknowledged and covers nothing that it lacks.
 */

export { type Aggregates, AggregatesBusyError, aggregatesOn } from './aggregates/aggregates.ts';
export { startAggregates } from './aggregates/startAggregates.ts';
export type { Digest } from './digest.ts';
export {
  decodeEventImage,
  decodeStatusImage,
  decodeTransferImage,
  type EventImage,
  type StatusImage,
} from './images.ts';
export { openReaderDatabase } from './openDatabase.ts';
export type { MirrorOpenCode } from './openError.ts';
export { MirrorOpenError } from './openError.ts';
export { openWriter, type WriterOptions } from './openWriter.ts';
export { MOST_QUARANTINED, type QuarantineReason } from './quarantineReasons.ts';
export * from './reading/index.ts';
export type { PruneOptions } from './retention.ts';
export type { MirrorWriter } from './writer.ts';
