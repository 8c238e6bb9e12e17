import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What happened to which event. */
export type FollowedChange = { kind: string; eventId: string };

export type ChangeFollower = {
  changes: FollowedChange[];
  /** Of the last batch taken in. */
  cursor(): string;
  /** The code that the stream ended with; null while it runs or when it ended without. */
  endedWith(): { code: string; cursor: string | null } | null;
  /** Pulls the plug: no close frame, no complete. */
  cut(): void;
};

const EVENT_CHANGES = `
  subscription Follow($after: Cursor!) {
    eventChanges(after: $after, batchSize: 7) {
      cursor
      changes { kind event { eventId } }
    }
  }`;

type Batch = {
  eventChanges: { cursor: string; changes: { kind: string; event: { eventId: string } }[] };
};

/** Follows eventChanges over a WebSocket from a cursor, and remembers everything. Never reconnects by itself. */
export const followChanges = (url: string, after: string): ChangeFollower => {
  const changes: FollowedChange[] = [];
  let cursor = after;
  let ended: ReturnType<ChangeFollower['endedWith']> = null;
  let socket: WebSocket | null = null;
  const client: Client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: {
      // The implementation handed in above is ws's.
      connected(connected) {
        socket = connected as WebSocket;
      },
    },
  });
  client.subscribe<Batch>(
    { query: EVENT_CHANGES, variables: { after } },
    {
      next({ data, errors }) {
        const code = errors?.[0]?.extensions?.['code'];
        if (typeof code === 'string') {
          const at = errors?.[0]?.extensions?.['cursor'];
          ended = { code, cursor: typeof at === 'string' ? at : null };
        }
        if (!data) return;
        for (const { kind, event } of data.eventChanges.changes)
          changes.push({ kind, eventId: event.eventId });
        cursor = data.eventChanges.cursor;
      },
      error(thrown) {
        const first = Array.isArray(thrown) ? thrown[0] : null;
        const code = first?.extensions?.code;
        ended ??= {
          code: typeof code === 'string' ? code : 'CUT',
          cursor: first?.extensions?.cursor ?? null,
        };
      },
      complete() {},
    },
  );
  return {
    changes,
    cursor: () => cursor,
    endedWith: () => ended,
    cut() {
      socket?.terminate();
      void client.dispose();
    },
  };
};
