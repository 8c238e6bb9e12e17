/** One subscription over graphql-transport-ws, kept alive for as long as the page is. */
export type SubscriptionOptions<Data> = {
  url: string;
  query: string;
  /** Asked anew at each connect, so that a reconnect resumes after the last cursor. */
  variables: () => Record<string, unknown>;
  connectionParams: () => Record<string, unknown>;
  onData(data: Data): void;
  onError(error: { code: string | null; message: string }): void;
  onConnected(): void;
  /** The connection is gone; unless `refused`, it is tried again. */
  onDisconnected(refused: boolean, reason: string): void;
};

type ServerMessage<Data> =
  | { type: 'connection_ack' | 'ping' | 'pong' | 'complete' }
  | { type: 'next'; payload: { data?: Data | null; errors?: GraphqlError[] } }
  | { type: 'error'; payload: GraphqlError[] };

type GraphqlError = { message: string; extensions?: { code?: string } };

const longestPauseMs = 15_000;

export const subscribe = <Data>(options: SubscriptionOptions<Data>): void => {
  let pauseMs = 500;

  const tell = (errors: readonly GraphqlError[]): void => {
    const [error] = errors;
    if (error) options.onError({ code: error.extensions?.code ?? null, message: error.message });
  };

  const connect = (): void => {
    const socket = new WebSocket(options.url, 'graphql-transport-ws');
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.onopen = () => send({ type: 'connection_init', payload: options.connectionParams() });
    socket.onmessage = (event) => {
      // The server speaks the protocol of the subprotocol that it accepted.
      const message = JSON.parse(String(event.data)) as ServerMessage<Data>;
      if (message.type === 'ping') send({ type: 'pong' });
      if (message.type === 'connection_ack') {
        pauseMs = 500;
        options.onConnected();
        send({
          id: '1',
          type: 'subscribe',
          payload: { query: options.query, variables: options.variables() },
        });
      }
      if (message.type === 'next' && message.payload.data) options.onData(message.payload.data);
      if (message.type === 'next' && message.payload.errors) tell(message.payload.errors);
      if (message.type === 'error') tell(message.payload);
      if (message.type === 'error' || message.type === 'complete') socket.close(1000);
    };
    socket.onclose = (event) => {
      const refused = event.code === 4401 || event.code === 4403;
      options.onDisconnected(refused, event.reason);
      if (refused) return;
      // Jitter, so that a restarted server does not meet all its boards in one instant.
      setTimeout(connect, pauseMs * (0.5 + Math.random()));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    };
  };

  connect();
};
