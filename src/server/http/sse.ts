import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { pulled, type ResultStream } from '../pipeline/index.ts';
import type { Pulse } from '../pulse.ts';

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/** Everything that an SSE answer tells in one go, as a stream of one. */
async function* once(result: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  yield result;
}

export type EventsParts = {
  /** Beats when a quiet answer should show that it is alive. */
  pulse: Pulse;
  /** Beats in a row at which nothing was taken, after which the connection is cut. */
  stalledBeatLimit: number;
};

/**
 * Writes results as GraphQL over SSE, distinct connections mode: `next` events, then `complete`. The next result is
 * pulled only when the socket has taken the last one. Comments keep proxies from closing a quiet stream. Whoever takes
 * nothing for long is cut: its stream has ended with its last word before, which waits for nobody for ever.
 */
export const sendEvents = async (
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  results: ResultStream | ExecutionResult,
  { pulse, stalledBeatLimit }: EventsParts,
): Promise<void> => {
  const stream = 'follow' in results ? pulled(results) : once(results);
  if (response.destroyed) {
    await stream.return();
    return;
  }
  /** Set while what was written waits for the socket; called when it has gone, or the socket has. */
  let taken: (() => void) | null = null;
  let stalledBeats = 0;
  const goOn = () => {
    stalledBeats = 0;
    taken?.();
    taken = null;
  };
  const leave = pulse.join(() => {
    if (!taken) response.write(':\n\n');
    else {
      stalledBeats += 1;
      if (stalledBeats >= stalledBeatLimit) response.destroy();
    }
  });
  response.on('drain', goOn);
  response.on('finish', goOn);
  response.on('close', () => {
    goOn();
    void stream.return();
  });
  const untilTaken = (): Promise<void> =>
    new Promise((resolve) => {
      taken = resolve;
    });
  try {
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write(':\n\n');
    for await (const result of stream) {
      if (!response.write(event('next', JSON.stringify(result))) && !response.destroyed) await untilTaken();
    }
    if (response.destroyed) return;
    response.end(event('complete', ''));
    await untilTaken();
  } finally {
    leave();
  }
};
