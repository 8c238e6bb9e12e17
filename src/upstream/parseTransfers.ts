import { parseInstantMs } from './instant.ts';
import { isJsonObject } from './rawJson.ts';
import type { TransferRecord } from './record.ts';
import { asUuid } from './uuid.ts';

/**
 * The transfers of a record. One without interaction, target or start is set aside and harms neither its neighbours
 * nor the record. `whole` is false when a kept transfer had a part that could not be read.
 */
export const parseTransfers = (
  value: unknown,
): { transfers: TransferRecord[]; incomplete: unknown[]; whole: boolean } => {
  const transfers: TransferRecord[] = [];
  const incomplete: unknown[] = [];
  if (!Array.isArray(value)) return { transfers, incomplete, whole: false };
  let whole = true;
  for (const item of value) {
    const transfer = isJsonObject(item) ? parseTransfer(item) : null;
    if (transfer) {
      transfers.push(transfer.record);
      whole &&= transfer.whole;
    } else {
      incomplete.push(item);
    }
  }
  return { transfers, incomplete, whole };
};

const ATTRIBUTES = new Set(['interactionId', 'toAgentId', 'transferStartTimestamp', 'transferEndTimestamp']);

const parseTransfer = (item: Record<string, unknown>): { record: TransferRecord; whole: boolean } | null => {
  const { transferStartTimestamp, transferEndTimestamp } = item;
  const interactionId = asUuid(item['interactionId']);
  const toAgentId = asUuid(item['toAgentId']);
  if (interactionId === null || toAgentId === null) return null;
  const startMs = typeof transferStartTimestamp === 'string' ? parseInstantMs(transferStartTimestamp) : null;
  if (startMs === null) return null;
  const endMs = typeof transferEndTimestamp === 'string' ? parseInstantMs(transferEndTimestamp) : null;
  const endUnderstood = endMs !== null || transferEndTimestamp === null || transferEndTimestamp === undefined;
  return {
    record: { interactionId, toAgentId, startMs, endMs },
    whole: endUnderstood && Object.keys(item).every((name) => ATTRIBUTES.has(name) || item[name] === null),
  };
};
