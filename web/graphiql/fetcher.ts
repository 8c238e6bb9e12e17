import type { GraphiQLProps } from 'graphiql';
import { type ExecutionResult, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { createClient } from 'graphql-ws';

type Fetcher = GraphiQLProps['fetcher'];
type Params = Parameters<Fetcher>[0];

/** The operations of a document; none when it cannot be parsed: the server says what is wrong with it. */
const operationsOf = (query: string): OperationDefinitionNode[] => {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
};

/**
 * GraphiQL names the operation of the tab shown before for a moment after a change of tabs, so its own idea of the
 * document is not asked.
 */
const chosen = (params: Params): { params: Params; streams: boolean } => {
  const operations = operationsOf(params.query);
  const named = operations.find((operation) => operation.name?.value === params.operationName);
  const operation = named ?? (operations.length === 1 ? operations[0] : undefined);
  const operationName = operation ? (operation.name?.value ?? null) : (params.operationName ?? null);
  return { params: { ...params, operationName }, streams: operation?.operation === 'subscription' };
};

/** Subscriptions go over WebSocket, with the headers editor's content as connection parameters; the rest by POST. */
export const createFetcher = (pageUrl: string, credentials: Record<string, string>): Fetcher => {
  const url = new URL('/graphql', pageUrl);
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol.replace('http', 'ws');

  const stream = (params: Params, headers: Record<string, unknown>): AsyncIterable<ExecutionResult> => {
    const client = createClient({ url: socketUrl.href, connectionParams: headers, retryAttempts: 0 });
    const results = client.iterate({
      query: params.query,
      operationName: params.operationName ?? null,
      variables: params.variables ?? null,
    });
    // GraphiQL's type has errors as graphql-js throws them; what it gets and prints is their JSON, whatever the transport.
    return results as AsyncIterable<ExecutionResult>;
  };

  const ask = async (params: Params, headers: Record<string, unknown>): Promise<ExecutionResult> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      },
      body: JSON.stringify(params),
    });
    // The gateway answers every POST with a result of GraphQL, a refusal too; its errors are JSON as above.
    return (await response.json()) as ExecutionResult;
  };

  return (asked, { headers: typed = {} } = {}) => {
    const { params, streams } = chosen(asked);
    const headers = { ...credentials, ...typed };
    return streams ? stream(params, headers) : ask(params, headers);
  };
};
