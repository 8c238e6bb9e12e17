/**
 * What a subscription costs: `node bench/fanout.ts [scenario ...]`, Linux, some minutes for all. Scenarios: same2000,
 * same10000, filters, catchup, stalled.
 *
 * Everything is a ratio within one run: to the same clients, at the same pace, `ws` alone sends the same bytes, made
 * before. Gateway and yardstick are processes of their own, so that the kernel says what each spent; the clients are a
 * third, the writer of the mirror is this one. GATEWAY_FLAGS are given to the gateway's node, such as
 * `--cpu-prof --cpu-prof-dir=bench/.profiles`.
 */

import { catchUp } from './fanout/catchUp.ts';
import { fanOut } from './fanout/fanOut.ts';
import { type Feed, openFeed } from './fanout/feed.ts';
import { agentIdOf } from './fanout/floor.ts';
import { stalledClient } from './fanout/stalled.ts';

const AGENTS = 2_000;
const TEAMS = 200;

const scenarios: Record<string, (feed: Feed) => Promise<void>> = {
  same2000: (feed) =>
    fanOut(feed, {
      title: '2,000 subscribers of one operation',
      clients: 2_000,
      filters: [{}],
      rounds: 3,
      commits: 50,
      everyMs: 100,
      changes: 2,
    }),
  same10000: (feed) =>
    fanOut(feed, {
      title: '10,000 subscribers of one operation',
      clients: 10_000,
      filters: [{}],
      rounds: 3,
      commits: 20,
      everyMs: 500,
      changes: 2,
    }),
  filters: (feed) =>
    fanOut(feed, {
      title: '2,000 subscribers, 200 filters of 10 agents each',
      clients: 2_000,
      filters: Array.from({ length: TEAMS }, (_, team) => ({
        filter: {
          agentId: { in: Array.from({ length: AGENTS / TEAMS }, (_, i) => agentIdOf(team + i * TEAMS)) },
        },
      })),
      rounds: 3,
      commits: 50,
      everyMs: 100,
      changes: 100,
    }),
  catchup: catchUp,
  stalled: stalledClient,
};

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(scenarios)) {
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`no scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
  const feed = openFeed(AGENTS);
  try {
    await feed.commit(AGENTS);
    await scenario(feed);
  } finally {
    feed.close();
  }
}
