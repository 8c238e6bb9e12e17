import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type DocumentedQuery = {
  file: string;
  name: string;
  text: string;
  variables: Record<string, unknown>;
};

/** Every fenced `graphql` block of a page, with the `json` block that follows it as its variables. */
export const queriesOf = (file: string): DocumentedQuery[] => {
  const page = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
  return [...page.matchAll(/^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```)?/gms)].map(
    ([, text, variables], i) => ({
      file,
      name: /^(?:query|subscription) (\w+)/.exec(text!)?.[1] ?? `query ${i + 1}`,
      text: text!,
      variables: variables === undefined ? {} : JSON.parse(variables),
    }),
  );
};
