export type Answer = {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; extensions?: Record<string, unknown> }[];
  };
};

/** POSTs one operation as a GraphQL client would. */
export const post = async (
  url: string,
  params: object,
  headers: Record<string, string> = {},
): Promise<Answer & { extensions?: Record<string, unknown> }> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
    },
    body: JSON.stringify(params),
  });
  const body: unknown = await response.json();
  // Every answer to a POST here is a GraphQL result; the tests look into it.
  return { status: response.status, headers: response.headers, body: body as Answer['body'] };
};

/** Reads a whole SSE answer: the data of its `next` events. */
export const postForEvents = async (
  url: string,
  params: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; results: Answer['body'][]; completed: boolean }> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(params),
  });
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    return { status: response.status, results: [JSON.parse(text)], completed: true };
  }
  const results = [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map((match) =>
    JSON.parse(match[1] ?? ''),
  );
  return { status: response.status, results, completed: text.includes('event: complete') };
};
