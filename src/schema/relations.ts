import {
  type AgentRow,
  type EventRow,
  type MirrorReader,
  type ReasonRow,
  readAgents,
  readEvents,
  readReasons,
  readSessions,
  type SessionRow,
} from '../mirror/index.ts';
import { batched, siblings } from './batch.ts';

/**
 * The row that each of a batch's rows points at, by a row id of its own: one statement for all siblings, and what is
 * found forms one new batch.
 */
const pointer =
  <Target extends object>(read: (reader: MirrorReader, ids: Iterable<number>) => Map<number, Target>) =>
  <Row extends object>(
    row: Row,
    field: string,
    reader: MirrorReader,
    idOf: (row: Row) => number | null,
  ): Target | null => {
    const id = idOf(row);
    if (id === null) return null;
    const found = batched(row, `one:${field}`, (rows: readonly Row[]) => {
      const targets = read(
        reader,
        rows.flatMap((one) => idOf(one) ?? []),
      );
      siblings([...targets.values()]);
      return targets;
    });
    return found.get(id) ?? null;
  };

export const agentOf = pointer<AgentRow>(readAgents);
export const sessionOf = pointer<SessionRow>(readSessions);
export const eventOf = pointer<EventRow>(readEvents);
const rawReasonOf = pointer<ReasonRow>(readReasons);

/** Null also for a reason of which upstream gave none of the attributes. */
export const reasonOf: typeof rawReasonOf = (row, field, reader, idOf) => {
  const reason = rawReasonOf(row, field, reader, idOf);
  return reason && (reason.reasonId || reason.name || reason.reasonListId || reason.listName) ? reason : null;
};
