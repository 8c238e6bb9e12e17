/**
 * How far ahead of the moment it was observed a start may lie. Hosts that stamp records are not in step to the
 * millisecond; and nothing that a read asks for begins later than its own moment, by upstream's clock.
 */
const HOST_SKEW_MS = 60_000;

/**
 * The latest instant that anything can have begun at when upstream was seen at `observedMs`. What claims to begin later
 * would hold its agent's status, and end the event before it, until then. It waits in quarantine, FUTURE_START: once its
 * time has come the re-reads of that time bring it again, so that a tenant whose hosts run ahead loses nothing.
 */
export const latestStartMs = (observedMs: number): number => observedMs + HOST_SKEW_MS;
