import { ask } from '../../e2e/support/graphqlClient.ts';
import { until } from '../../e2e/support/until.ts';
import type { ChangeLogRecorder } from './changeLogRecorder.ts';
import { type StatusFacts, statusText } from './facts.ts';
import type { Subscriber } from './subscriber.ts';
import {
  type SentStatus,
  STATE_CHANGE_FIELDS,
  STATUS_FIELDS,
  type StatusTopic,
  statusFactsOf,
} from './topics.ts';

/** A machine that is busy refuses a connection now and then: that is no verdict. */
const askUntilAnswered = <Data>(
  url: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Data> => until('the gateway answers', () => ask<Data>(url, query, variables));

/** How often each text stands there. */
export const tally = <Key extends string | number>(keys: Iterable<Key>): Map<Key, number> => {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** How many of `texts` are not among `others`, each as often as it stands there. */
const excess = (texts: readonly string[], others: readonly string[]): number => {
  const available = tally(others);
  return texts.filter((text) => {
    const left = available.get(text) ?? 0;
    available.set(text, left - 1);
    return left <= 0;
  }).length;
};

/** What differs, in a line or two; null when nothing does. */
const difference = (heard: readonly string[], expected: readonly string[]): string | null => {
  const length = Math.max(heard.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (heard[i] !== expected[i]) {
      return `differs at ${i} of ${expected.length}:\n  must be ${expected[i]}\n  heard   ${heard[i]}`;
    }
  }
  return null;
};

export type Verdict = { counts: Record<string, number>; wrong: string[] };

/** Each unbroken run of each subscriber against the change log. */
export const judgeRuns = (subscribers: readonly Subscriber[], log: ChangeLogRecorder): Verdict => {
  const counts = { delivered: 0, runs: 0, lost: 0, repeated: 0 };
  const wrong: string[] = [];
  for (const [index, { topic, segments }] of subscribers.entries()) {
    for (const [run, { first, last, changes }] of segments.entries()) {
      const expected = topic.expected(log, log.positionOf(first), log.positionOf(last));
      counts.delivered += changes.length;
      counts.runs += 1;
      counts.lost += excess(expected, changes);
      counts.repeated += excess(changes, expected);
      const differs = difference(changes, expected);
      if (differs)
        wrong.push(`${topic.field} ${index}, run ${run}, ${JSON.stringify(topic.filter)} ${differs}`);
    }
  }
  return { counts, wrong };
};

/** The whole floor by agentId, walked page by page. */
const walkFloor = async (url: string, filter: unknown): Promise<Map<string, StatusFacts>> => {
  type Page = {
    agentStatuses: {
      nodes: (SentStatus & { agent: { agentId: string } })[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
  const floor = new Map<string, StatusFacts>();
  for (let after: string | null = null; ; ) {
    const page: Page = await askUntilAnswered<Page>(
      url,
      `query ($filter: AgentStatusFilter, $after: String) {
        agentStatuses(filter: $filter, first: 500, after: $after) {
          nodes { agent { agentId } ${STATUS_FIELDS} }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { filter, after },
    );
    const { nodes, pageInfo } = page.agentStatuses;
    for (const { agent, ...status } of nodes) floor.set(agent.agentId, statusFactsOf(agent.agentId, status));
    if (!pageInfo.hasNextPage) return floor;
    after = pageInfo.endCursor;
  }
};

/**
 * Each board against `agentStatuses`, as asked for with its filter and as the filter written here leaves of everybody.
 * Nothing may change meanwhile.
 */
export const judgeBoards = async (
  url: string,
  boards: readonly { topic: StatusTopic; board: ReadonlyMap<string, string> }[],
): Promise<Verdict> => {
  const counts = { boards: boards.length, ghosts: 0, missing: 0 };
  const wrong: string[] = [];
  const everybody = await walkFloor(url, null);
  for (const topic of new Set(boards.map((one) => one.topic))) {
    const told = (floor: Map<string, StatusFacts>) =>
      new Map([...floor].map(([agentId, facts]) => [agentId, statusText(facts)]));
    const truth = told(new Map([...everybody].filter(([, facts]) => topic.holds(facts))));
    const asked = told(await walkFloor(url, topic.filter));
    const judge = (what: string, board: ReadonlyMap<string, string>) => {
      const ghosts = [...board].filter(([agentId, text]) => truth.get(agentId) !== text);
      const missing = [...truth.keys()].filter((agentId) => !board.has(agentId));
      counts.ghosts += ghosts.length;
      counts.missing += missing.length;
      if (ghosts.length + missing.length === 0) return;
      const [agentId, text] = ghosts[0] ?? [missing[0] ?? ''];
      wrong.push(
        `${what} ${JSON.stringify(topic.filter)}: ${missing.length} missing, ${ghosts.length} wrong, such as ` +
          `${agentId}:\n  must be ${truth.get(agentId)}\n  is      ${text}`,
      );
    };
    judge('agentStatuses', asked);
    for (const { board } of boards.filter((one) => one.topic === topic)) judge('board', board);
  }
  return { counts, wrong };
};

/** What the query `stateChanges` gives from each cursor to the head, against the change log. */
export const judgePulls = async (
  url: string,
  log: ChangeLogRecorder,
  pulls: readonly { topic: StatusTopic; after: string }[],
): Promise<Verdict> => {
  const counts = { pulls: pulls.length, pulled: 0 };
  const wrong: string[] = [];
  for (const { topic, after } of pulls) {
    const heard: string[] = [];
    for (let cursor = after, done = false; !done; ) {
      type Pull = { batch: { phase: string; cursor: string; changes: unknown[] } };
      const { batch }: Pull = await askUntilAnswered<Pull>(
        url,
        `query ($after: Cursor!, $filter: AgentStatusFilter) {
          batch: stateChanges(after: $after, filter: $filter) {
            phase cursor changes { ${STATE_CHANGE_FIELDS} }
          }
        }`,
        { after: cursor, filter: topic.filter },
      );
      heard.push(...batch.changes.map((change) => topic.read(change).text));
      cursor = batch.cursor;
      done = batch.phase === 'HEARTBEAT';
    }
    counts.pulled += heard.length;
    const differs = difference(heard, topic.expected(log, log.positionOf(after), log.headSeq()));
    if (differs) wrong.push(`pull ${JSON.stringify(topic.filter)} ${differs}`);
  }
  return { counts, wrong };
};
