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
 * graphql-ws takes its error listener off a socket that it terminates. A browser's is silent then; the `ws` package's still
 * emits an error when it had not opened yet, and an error that nobody listens to ends a Node process.
 */
const withHeardErrors = (webSocketImpl: unknown): unknown => {
  // What is no WebSocket at all is refused by graphql-ws, with a word on it.
  if (typeof webSocketImpl !== 'function') return webSocketImpl;
  // A constructor of sockets is all that one can hand in here; graphql-ws looks at its constants, which a subclass inherits.
  return class extends (webSocketImpl as typeof WebSocket) {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('error', () => {});
    }
  };
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
      ...(webSocketImpl === undefined ? {} : { webSocketImpl: withHeardErrors(webSocketImpl) }),
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
