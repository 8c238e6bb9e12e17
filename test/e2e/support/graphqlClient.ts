import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
/** One operation over HTTP; fails on any error in the answer. */
export const ask = async <Data>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Data> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  // The caller writes Data beside the query that it is the shape of.
  return body.data as Data;
};

/** The same with a document that brings its types. */
export const askTyped = <Data, Variables extends Record<string, unknown>>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> => ask<Data>(url, print(document), variables);

export type MirroredEvent = {
  eventId: string;
  eventTypeRaw: string | null;
  start: string;
  end: string | null;
  endSource: string;
  durationSeconds: number | null;
  presenceRaw: string | null;
  stateRaw: string | null;
  allocationRaw: string | null;
  directionRaw: string | null;
  agent: { agentId: string; platformAgentId: number | null; tenantAgentId: number | null };
  session: { sessionId: string; loginTimestamp: string | null } | null;
  reason: {
    reasonId: string | null;
    name: string | null;
    list: { reasonListId: string | null; name: string | null } | null;
  } | null;
  next: { eventId: string } | null;
};

type Page = {
  events: { nodes: MirroredEvent[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
};

const EVENTS = `
  query Events($from: DateTime!, $to: DateTime!, $after: String) {
    events(filter: { startedIn: { from: $from, to: $to } }, orderBy: START_ASC, first: 500, after: $after) {
      nodes {
        eventId eventTypeRaw start end endSource durationSeconds presenceRaw stateRaw allocationRaw directionRaw
        agent { agentId platformAgentId tenantAgentId }
        session { sessionId loginTimestamp }
        reason { reasonId name list { reasonListId name } }
        next { eventId }
      }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** Every event that began in [from, to), page by page, in order. */
export const walkEvents = async (url: string, fromMs: number, toMs: number): Promise<MirroredEvent[]> => {
  const events: MirroredEvent[] = [];
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  for (let after: string | null = null; ; ) {
    const page: Page = await ask<Page>(url, EVENTS, { from, to, after });
    events.push(...page.events.nodes);
    if (!page.events.pageInfo.hasNextPage) return events;
    after = page.events.pageInfo.endCursor;
  }
};

export type Watermarks = {
  freshThrough: string | null;
  completeThrough: string | null;
  streamCursor: string;
  health: string;
};

export const readMirror = async (url: string): Promise<Watermarks> =>
  (await ask<{ mirror: Watermarks }>(url, '{ mirror { freshThrough completeThrough streamCursor health } }'))
    .mirror;
