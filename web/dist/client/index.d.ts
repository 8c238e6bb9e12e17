/**
 * Follows the floor over a WebSocket and never loses its place.
 *
 * `followFloor` subscribes to `stateChanges` with a snapshot, keeps a map of who is in which state, and yields a view
 * whenever it changed. When the connection drops it resumes from the last cursor: every change is applied once. When the
 * server no longer has that cursor it takes a new snapshot and swaps it in whole, so the map never mixes two.
 * Needs nothing but `graphql-ws` and a WebSocket: browsers have one, Node does too.
 */
export type { ChangeKind, FloorChange, FloorView, StatusBase } from './board.ts';
export type { Floor, FloorOptions, FloorStatus } from './floor.ts';
export { followFloor } from './floor.ts';
export type { Interruption } from './follow.ts';
export { StreamRefusedError } from './refusal.ts';
export type { Timing } from './timing.ts';
