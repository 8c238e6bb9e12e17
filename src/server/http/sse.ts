import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { pulled, type ResultStream } from '../pipeline/index.ts';
import type { Pulse } from '../pulse.ts';

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/** Resolves when the socket has taken what was written, or is gone. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const finish = () => {
      response.off('drain', finish);
      response.off('close', finish);
      resolve();
    };
    response.on('drain', finish);
    response.on('close', finish);
  });

/** Everything that an SSE answer tells in one go, as a stream of one. */
async function* once(result: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  yield result;
}

/**
 * Writes results as GraphQL over SSE, distinct connections mode: `next` events, then `complete`. The next result is
 * pulled only when the socket has taken the last one. Comments keep proxies from closing a quiet stream.
 */
export const sendEvents = async (
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  results: ResultStream | ExecutionResult,
  pulse: Pulse,
): Promise<void> => {
  const stream = 'follow' in results ? pulled(results) : once(results);
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  const stopComments = pulse.join(() => {
    if (!response.writableNeedDrain) response.write(':\n\n');
  });
  response.on('close', () => {
    stopComments();
    void stream.return();
  });
  for await (const result of stream) {
    if (!response.write(event('next', JSON.stringify(result))) && !response.destroyed)
      await drained(response);
  }
  response.end(event('complete', ''));
};
