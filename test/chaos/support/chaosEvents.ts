import { type IncomingMessage, request } from 'node:http';
import { ask } from '../../e2e/support/graphqlClient.ts';
import type { ChaosClient } from './chaosClient.ts';
import type { Sent, Subscriber } from './subscriber.ts';

/** One stream over server-sent events, by hand, with the same things done to it as to a socket. */
export const createChaosEvents = (options: {
  /** Of the server, not of its /graphql. */
  url: string;
  subscriber: Subscriber;
  random: () => number;
}): ChaosClient => {
  const { url, subscriber, random } = options;
  let response: IncomingMessage | null = null;
  /** Gives up what is under way; null when nothing is. */
  let abandon: (() => void) | null = null;
  let asleep = false;
  let disposed = false;
  let retry: NodeJS.Timeout | null = null;
  let admissions = 0;

  const comeBackLater = () => {
    abandon = null;
    response = null;
    if (retry) clearTimeout(retry);
    if (!disposed && !asleep) retry = setTimeout(connect, 300 + random() * 1_000);
  };

  const hearEvents = (answer: IncomingMessage, isCurrent: () => boolean) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (chunk: string) => {
      // What was on its way when the plug was pulled never arrived.
      if (!isCurrent()) return;
      text += chunk;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: next\ndata: (.*)$/.exec(event)?.[1];
        // A result, as the protocol says.
        if (data !== undefined) subscriber.take(JSON.parse(data) as Sent);
      }
    });
  };

  const hearRefusal = async (answer: IncomingMessage) => {
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += chunk;
    // Every answer that is no stream is a list of errors.
    subscriber.take(JSON.parse(text) as Sent);
  };

  const open = () => {
    const asked = request(`${url}/graphql`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    });
    const mine = () => asked.destroy();
    abandon = mine;
    const isCurrent = () => abandon === mine;
    asked.on('response', (answer) => {
      if (!isCurrent()) return;
      answer.on('error', () => undefined);
      answer.on('close', () => isCurrent() && comeBackLater());
      response = answer;
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        admissions += 1;
        hearEvents(answer, isCurrent);
      } else hearRefusal(answer).catch(() => undefined); // cut in the middle
    });
    asked.on('error', () => isCurrent() && comeBackLater());
    asked.end(JSON.stringify({ query: subscriber.topic.document, variables: subscriber.variables() }));
  };

  const connect = () => {
    if (disposed || asleep || abandon) return;
    if (!subscriber.wantsStart()) return open();
    const mine = () => undefined;
    abandon = mine;
    ask<{ mirror: { streamCursor: string } }>(url, '{ mirror { streamCursor } }').then(
      ({ mirror }) => {
        if (abandon !== mine) return;
        subscriber.beginAfter(mirror.streamCursor);
        abandon = null;
        connect();
      },
      () => abandon === mine && comeBackLater(),
    );
  };

  const cut = () => {
    const lost = abandon;
    if (!lost) return;
    comeBackLater();
    lost();
  };

  return {
    subscribers: [subscriber],
    closes: [],
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
    pause: () => response?.pause(),
    resume: () => response?.resume(),
    leaveOne: cut,
    dispose() {
      disposed = true;
      if (retry) clearTimeout(retry);
      abandon?.();
    },
  };
};
