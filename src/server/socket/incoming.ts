import { CloseCode, MessageType } from 'graphql-ws';
import type { OperationIds } from './operationIds.ts';

/** What becomes of a message before graphql-ws sees it; null: nothing, as it is about what has ended. */
export type Incoming = { text: string } | { close: { code: number; reason: string } } | null;

/** Only a server says these. graphql-ws throws on them, which would look like a fault of ours. */
const serverOnly = new Set<unknown>([MessageType.ConnectionAck, MessageType.Next, MessageType.Error]);

/** A close frame has no room for a longer one, in bytes. */
const REASON_LIMIT = 123;

const parsed = (text: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(text);
    // An object has keys, whatever they are; what they hold is looked at before it is used.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

/** Gives operations their own ids. What is no message at all goes on as it is: graphql-ws closes with 4400. */
export const readIncoming = (text: string, ids: OperationIds): Incoming => {
  const message = parsed(text);
  if (!message) return { text };
  const { type, id } = message;
  if (serverOnly.has(type))
    return { close: { code: CloseCode.BadRequest, reason: 'Invalid message received' } };
  if (typeof id !== 'string' || id === '') return { text };
  if (type === MessageType.Complete) {
    const ownId = ids.leave(id);
    return ownId === null ? null : { text: JSON.stringify({ ...message, id: ownId }) };
  }
  if (type !== MessageType.Subscribe) return { text };
  const ownId = ids.begin(id);
  if (ownId !== null) return { text: JSON.stringify({ ...message, id: ownId }) };
  const reason = `Subscriber for ${id} already exists`;
  return {
    close: {
      code: CloseCode.SubscriberAlreadyExists,
      reason: Buffer.byteLength(reason) <= REASON_LIMIT ? reason : 'Subscriber already exists',
    },
  };
};
