import { WebSocket } from 'ws';
import type { Sent, Subscriber } from './subscriber.ts';

type Message = { type: string; id?: string; payload?: unknown };

type StartAnswer = {
  data?: { mirror: { streamCursor: string } | null } | null;
  errors?: { extensions?: { code?: string } }[];
};

export type ChaosClient = {
  subscribers: readonly Subscriber[];
  /** Close codes of its sockets. */
  closes: readonly number[];
  /** How often it was let in. */
  admissions(): number;
  /** It stays away until woken. */
  isAsleep(): boolean;
  connect(): void;
  /** Pulls the plug; comes back by itself after a moment. */
  cut(): void;
  /** The same, and stays away until `wake`. */
  sleep(): void;
  wake(): void;
  /** Stops reading from the kernel, so that the server cannot send for ever. */
  pause(): void;
  resume(): void;
  /** Ends one operation with Complete and takes it up again on the same socket. */
  leaveOne(which: number): void;
  dispose(): void;
};

/**
 * One socket with several streams, speaking graphql-transport-ws by hand: a client library would hide what is tested
 * here, which is what comes over the wire between a cut and the next cursor.
 */
export const createChaosClient = (options: {
  url: string;
  subscribers: readonly Subscriber[];
  random: () => number;
}): ChaosClient => {
  const { url, subscribers, random } = options;
  const closes: number[] = [];
  let socket: WebSocket | null = null;
  let asleep = false;
  let disposed = false;
  let retry: NodeJS.Timeout | null = null;
  let nextId = 0;
  let admissions = 0;
  /** Operations of this socket that have neither ended nor been left. */
  const operations = new Map<string, Subscriber>();
  const starts = new Map<string, Subscriber>();

  const send = (message: object) => socket?.send(JSON.stringify(message));
  const subscribe = (subscriber: Subscriber) => {
    const id = String(nextId++);
    if (subscriber.wantsStart()) {
      starts.set(id, subscriber);
      send({ id, type: 'subscribe', payload: { query: '{ mirror { streamCursor } }' } });
      return;
    }
    operations.set(id, subscriber);
    send({
      id,
      type: 'subscribe',
      payload: { query: subscriber.topic.document, variables: subscriber.variables() },
    });
  };

  const hear = ({ type, id = '', payload }: Message) => {
    if (type === 'connection_ack') {
      admissions += 1;
      return subscribers.forEach(subscribe);
    }
    const starting = starts.get(id);
    if (starting) {
      // `next` carries a result, as asked above, `error` a list of errors.
      const { data, errors } = (type === 'error' ? { errors: payload } : (payload ?? {})) as StartAnswer;
      if (data?.mirror) starting.beginAfter(data.mirror.streamCursor);
      if (type === 'next' && !errors) return;
      starts.delete(id);
      if (!errors) return subscribe(starting);
      // A draining server closes the socket in a moment; whatever else it says is for the verdict.
      starting.codes.push(errors[0]?.extensions?.code ?? 'NO CODE');
      return;
    }
    const subscriber = operations.get(id);
    if (!subscriber) return;
    if (type === 'complete') {
      operations.delete(id);
      // A draining server would refuse it, and closes the socket in a moment.
      if (subscriber.codes.at(-1) !== 'SERVER_DRAINING') subscribe(subscriber);
      return;
    }
    // `next` carries a result, `error` a list of errors.
    const sent = (type === 'error' ? { errors: payload } : payload) as Sent;
    subscriber.take(sent);
    if (type === 'error') {
      operations.delete(id);
      if (subscriber.codes.at(-1) === 'STREAM_CURSOR_EXPIRED') subscribe(subscriber);
    }
  };

  const connect = () => {
    if (disposed || asleep || socket) return;
    const opened = new WebSocket(url, 'graphql-transport-ws', { handshakeTimeout: 10_000 });
    socket = opened;
    opened.on('open', () => send({ type: 'connection_init' }));
    opened.on('message', (data) => {
      // What was on its way when the plug was pulled never arrived.
      if (socket === opened) hear(JSON.parse(String(data)));
    });
    opened.on('error', () => undefined);
    opened.on('close', (code) => {
      closes.push(code);
      if (socket === opened) lose();
    });
  };

  /** The socket is gone for us, whatever is still on its way in it. */
  const lose = () => {
    socket = null;
    operations.clear();
    starts.clear();
    if (retry) clearTimeout(retry);
    retry = setTimeout(connect, 300 + random() * 1_000);
  };

  const cut = () => {
    const lost = socket;
    if (!lost) return;
    lose();
    lost.terminate();
  };

  return {
    subscribers,
    closes,
    admissions: () => admissions,
    isAsleep: () => asleep,
    connect,
    cut,
    sleep() {
      asleep = true;
      cut();
    },
    wake() {
      asleep = false;
      connect();
    },
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    leaveOne(which) {
      const entry = [...operations][which % Math.max(1, operations.size)];
      if (!entry || socket?.readyState !== WebSocket.OPEN) return;
      const [id, subscriber] = entry;
      operations.delete(id);
      send({ id, type: 'complete' });
      subscribe(subscriber);
    },
    dispose() {
      disposed = true;
      if (retry) clearTimeout(retry);
      socket?.terminate();
    },
  };
};
