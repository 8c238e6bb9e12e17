import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

export type Message = { id?: string; type: string; payload?: unknown };
export type Result = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
};

export type SocketClient = {
  socket: WebSocket;
  messages: Message[];
  closed: Promise<{ code: number; reason: string }>;
  send(message: object | string): void;
  init(payload?: object): Promise<void>;
  subscribe(id: string, query: string, variables?: object): void;
  /** The first message that fits, already here or still to come. */
  next(matches: (message: Message) => boolean): Promise<Message>;
  resultsOf(id: string): Result[];
};

/** Records everything from the first byte; waiting only ever looks at the record. */
export const openSocket = async (
  url: string,
  options: ClientOptions & { protocol?: string } = {},
): Promise<SocketClient> => {
  const { protocol = 'graphql-transport-ws', ...rest } = options;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, rest);
  const messages: Message[] = [];
  const waiters = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of [...waiters]) wake();
  };
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    wakeAll();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      wakeAll();
    }),
  );
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });

  const send = (message: object | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));

  const next = async (matches: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.find(matches);
      if (found) return found;
      if (socket.readyState === socket.CLOSED) {
        throw new Error(`closed before the message came; got ${JSON.stringify(messages).slice(0, 500)}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiters.delete(wake);
          resolve();
        };
        waiters.add(wake);
      });
    }
  };

  return {
    socket,
    messages,
    closed,
    send,
    next,
    async init(payload) {
      send({ type: 'connection_init', ...(payload ? { payload } : {}) });
      await next((message) => message.type === 'connection_ack');
    },
    subscribe: (id, query, variables) => send({ id, type: 'subscribe', payload: { query, variables } }),
    resultsOf: (id) =>
      messages
        .filter((message) => message.id === id && message.type === 'next')
        // The payload of `next` is a result by the protocol.
        .map((message) => message.payload as Result),
  };
};

/** Everything that `send` sends, in one piece, so that the server reads it in one go. */
export const sendTogether = ({ socket }: SocketClient, send: () => void): void => {
  // ws has no way to say it, so its socket is told; it has one as long as it is open.
  const { _socket: stream } = socket as unknown as { _socket: { cork(): void; uncork(): void } };
  stream.cork();
  send();
  stream.uncork();
};
