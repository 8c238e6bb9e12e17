import type { Database } from 'better-sqlite3';
import type { AgentStateRecord } from '../../upstream/index.ts';
import { packId } from '../ids.ts';
import { encodeTransferImage } from '../images.ts';
import type { Agents } from './agents.ts';
import type { ChangeLog } from './changeLog.ts';
import { compareEvents, type EventRow } from './eventRow.ts';
import type { Events } from './events.ts';

type TransferRow = {
  id: number;
  fromAgent: number;
  endMs: number | null;
  /** event.id */
  event: number;
};

/** `stored`: as the table holds it. */
type TouchedTransfer = { before: TransferRow | null; stored: TransferRow; row: TransferRow };

/** Transfers, each united over all versions of all records that carry it. */
export const createTransfers = (
  database: Database,
  parts: { agents: Agents; events: Events; changeLog: ChangeLog },
) => {
  const { agents, events, changeLog } = parts;
  const find = database.prepare<[Buffer, number, number, number], TransferRow>(
    `select id, from_agent as fromAgent, end_ms as endMs, event from transfer
     where interaction_id = ? and start_ms = ? and from_agent = ? and to_agent = ?`,
  );
  const insert = database.prepare(
    `insert into transfer (interaction_id, from_agent, to_agent, start_ms, end_ms, event, observed_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare('update transfer set end_ms = ?, event = ?, observed_ms = ? where id = ?');
  const carry = database.prepare<[number, number]>(
    'insert or ignore into event_transfer (event, transfer) values (?, ?)',
  );
  const touched = new Map<string, TouchedTransfer>();

  return {
    /** Every transfer that a version of the event carries. `event` has its row already. */
    note(record: AgentStateRecord, event: EventRow, observedMs: number) {
      for (const transfer of record.transfers) {
        const interaction = packId(transfer.interactionId);
        const toAgent = agents.idOf(transfer.toAgentId);
        const key = `${transfer.interactionId} ${transfer.startMs} ${event.agent} ${toAgent}`;
        let entry = touched.get(key);
        if (!entry) {
          const stored = find.get(interaction, transfer.startMs, event.agent, toAgent);
          if (stored) {
            entry = { before: stored, stored, row: { ...stored } };
          } else {
            const { lastInsertRowid } = insert.run(
              interaction,
              event.agent,
              toAgent,
              transfer.startMs,
              transfer.endMs,
              event.id,
              observedMs,
            );
            const row = {
              id: Number(lastInsertRowid),
              fromAgent: event.agent,
              endMs: transfer.endMs,
              event: event.id,
            };
            entry = { before: null, stored: row, row: { ...row } };
          }
          touched.set(key, entry);
        }
        const { row } = entry;
        // The latest end wins: an order of arrival must not decide between records that contradict each other.
        if (transfer.endMs !== null) row.endMs = Math.max(transfer.endMs, row.endMs ?? transfer.endMs);
        if (row.event !== event.id) {
          const first = events.byId(row.event);
          if (!first || compareEvents(event, first) < 0) row.event = event.id;
        }
        carry.run(event.id, row.id);
      }
    },
    /** Writes what changed, and one row of the change log for each. */
    flush(observedMs: number) {
      for (const { before, stored, row } of touched.values()) {
        const same = stored.endMs === row.endMs && stored.event === row.event;
        if (before && same) continue;
        if (!same) update.run(row.endMs, row.event, observedMs, row.id);
        const kind =
          before === null
            ? 'TRANSFER_NEW'
            : before.endMs === null && row.endMs !== null
              ? 'TRANSFER_CLOSED'
              : 'TRANSFER_REVISED';
        changeLog.transfer(kind, {
          transfer: row.id,
          agent: row.fromAgent,
          observedMs,
          before: before && encodeTransferImage(before),
          after: encodeTransferImage(row),
        });
      }
      touched.clear();
    },
    forget: () => touched.clear(),
  };
};
export type Transfers = ReturnType<typeof createTransfers>;
