/**
 * The vendor's page, played over real HTTP: a made-up floor whose agents work around the clock, answered exactly as the
 * page documents, with everything that it leaves open as a variant and everything that can go wrong as a fault.
 * One seed gives one floor: what happened never depends on what was asked, in which order or when.
 * `createWorld` and `createFeed` are the same without sockets, for simulations on a clock of their own.
 */
export type { Envelope, ErrorBody, FeedAnswer, WireFault } from './answer.ts';
export {
  type AnswerFaults,
  noFaults,
  type RecordFaults,
  realisticFaults,
  type SimulatorFaults,
} from './faults.ts';
export { createFeed, type Feed } from './feed.ts';
export { type SimulatorFlag, simulatorFlags } from './flags.ts';
export type { PageCapacityGroup, PageRecord, PageRow, PageTransfer } from './page.ts';
export { type ParsedSimulatorFlags, parseSimulatorFlags } from './parseFlags.ts';
export type { PageQuery } from './query.ts';
export { createRandom, type Random } from './random.ts';
export type { LoggedRequest, RequestCounts } from './requestLog.ts';
export type { Preset } from './roster.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './server.ts';
export type { TruthRow } from './truth.ts';
export { defaultVariants, type SimulatorVariants } from './variants.ts';
export { createWorld, type World, type WorldOptions } from './world.ts';
