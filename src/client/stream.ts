import { type ClientOptions, createClient } from 'graphql-ws/client';
import { createAlarm, type Timing } from './timing.ts';

export type StreamRequest = {
  url: string;
  query: string;
  variables: Record<string, unknown>;
  connectionParams: ClientOptions['connectionParams'];
  webSocketImpl: unknown;
  /** Without a word for so long, the connection counts as dead: a network that is gone closes no socket by itself. */
  silenceMs: number;
};

export type StreamEvents<Data> = {
  /** The server has taken our credentials. */
  onConnected(): void;
  onData(data: Data): void;
};

/**
 * One subscription on a connection of its own. Resolves when it is over, with what it ended with: GraphQL errors, a close
 * event, whatever failed before; null when the server completed it or `signal` aborted. Nothing comes after that.
 *
 * graphql-ws never tries again by itself here: it would subscribe with the first variables, from a cursor long behind.
 */
export const runStream = <Data>(
  { url, query, variables, connectionParams, webSocketImpl, silenceMs }: StreamRequest,
  { onConnected, onData }: StreamEvents<Data>,
  timing: Timing,
  signal: AbortSignal,
): Promise<unknown> =>
  new Promise((resolve) => {
    let isOver = false;
    let acknowledged = false;
    const client = createClient({
      url,
      retryAttempts: 0,
      ...(connectionParams === undefined ? {} : { connectionParams }),
      ...(webSocketImpl === undefined ? {} : { webSocketImpl }),
    });
    const alarm = createAlarm(timing, silenceMs, () => client.terminate());
    const end = (reason: unknown) => {
      if (isOver) return;
      isOver = true;
      alarm.stop();
      signal.removeEventListener('abort', leave);
      unsubscribe();
      // One that is still being opened cannot be told to close: an unresponsive host would hold us.
      if (!acknowledged) client.terminate();
      resolve(reason);
    };
    const leave = () => end(null);

    client.on('connected', () => {
      acknowledged = true;
      alarm.putOff();
      if (!isOver) onConnected();
    });
    // Before graphql-ws acts on it: after a close with 1000 it would subscribe again.
    client.on('closed', end);
    const unsubscribe = client.subscribe<Data>(
      { query, variables },
      {
        next({ data, errors }) {
          if (isOver) return;
          alarm.putOff();
          // With errors the data has holes; what the same cursor brings next time may be whole.
          if (errors) end(errors);
          else if (data) onData(data);
        },
        error: end,
        complete: leave,
      },
    );
    alarm.putOff();
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
  });
