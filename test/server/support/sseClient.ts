import { onTestFinished } from 'vitest';
import type { Result } from './socketClient.ts';

export type SseClient = {
  /** Everything that came so far. */
  results: Result[];
  /** `complete` has come. */
  completed(): boolean;
  /** Leaves in the middle. */
  cut(): void;
};

/** Records what one operation says over server-sent events. */
export const openEvents = async (
  url: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<SseClient> => {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  });
  const results: Result[] = [];
  let completed = false;
  const read = async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
        if (name === 'next') results.push(JSON.parse(data ?? ''));
        if (name === 'complete') completed = true;
      }
    }
  };
  // A connection that is cut ends in the middle: what came before it is recorded.
  read().catch(() => undefined);
  return { results, completed: () => completed, cut: () => leaving.abort() };
};
