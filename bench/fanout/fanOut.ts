import {
  type Crowd,
  type ServerProcess,
  scriptOf,
  startCrowd,
  startGateway,
  startPlain,
} from './children.ts';
import type { Commit, Feed } from './feed.ts';
import { cpuMsOf, median, quantile, sleep } from './machine.ts';
import type { CrowdReport } from './messages.ts';
import { FLOOR } from './operations.ts';
import { ROOMY } from './settings.ts';

export type FanOut = {
  title: string;
  clients: number;
  /** Variables of the operation; clients take them in turn. */
  filters: object[];
  rounds: number;
  commits: number;
  everyMs: number;
  /** Of each commit. */
  changes: number;
};

type Side = { server: ServerProcess; crowd: Crowd };
type Measured = { deliveries: number; cpuMs: number; report: CrowdReport; commits: Commit[] };

const KIB = 1_024;

/** From the commit to each client: what a merged delivery brought late counts from its own commit. */
const latenciesOf = ({ report, commits }: Measured, commitOf: (cursor: string) => number) => {
  const commitByCursor = report.cursorTexts.map(commitOf);
  const lastOf = new Map<number, number>();
  const each: number[] = [];
  const last: number[] = commits.map(() => 0);
  report.clients.forEach((client, i) => {
    const upTo = commitByCursor[report.cursors[i]!]!;
    for (let index = (lastOf.get(client) ?? -1) + 1; index <= upTo; index++) {
      const tookMs = report.atMs[i]! - commits[index]!.atMs;
      each.push(tookMs);
      last[index] = Math.max(last[index]!, tookMs);
    }
    lastOf.set(client, upTo);
  });
  return { each: each.sort((a, b) => a - b), last: last.sort((a, b) => a - b) };
};

const round = (value: number, digits = 1): string => value.toFixed(digits);

export const fanOut = async (feed: Feed, parts: FanOut): Promise<void> => {
  const { clients, filters, commits, everyMs, changes } = parts;
  console.log(`\n${parts.title}`);
  console.log(
    `  ${commits} commits of ${changes} changes, one every ${everyMs} ms, ${parts.rounds} rounds in turn`,
  );

  const open = async (server: ServerProcess, operation: { query: string; variables: object[] } | null) => {
    const crowd = await startCrowd();
    // The first connections pay for code that is not compiled yet.
    await crowd.open({ port: server.port, clients: 200, operation, capture: 0 });
    await sleep(500);
    await crowd.close();
    await sleep(500);
    const before = await server.memory();
    await crowd.open({ port: server.port, clients, operation, capture: operation ? filters.length : 0 });
    await sleep(2_000);
    const after = await server.memory();
    const rss = (after.rssBytes - before.rssBytes) / clients / KIB;
    const heap =
      (after.heapBytes + after.externalBytes - before.heapBytes - before.externalBytes) / clients / KIB;
    return { crowd, rss, heap };
  };

  const gateway = await startGateway(feed.file, feed.tenantId, ROOMY);
  const plain = await startPlain();
  const subscribers = await open(gateway, { query: FLOOR, variables: filters });
  const sockets = await open(plain, null);
  console.log(
    `  memory of an idle one: ${round(subscribers.rss)} KiB RSS (heap ${round(subscribers.heap)}); plain socket ${round(sockets.rss)} (heap ${round(sockets.heap)}): ${round(subscribers.rss - sockets.rss)} KiB above (heap ${round(subscribers.heap - sockets.heap)})`,
  );

  const measure = async ({ server, crowd }: Side, tell: (index: number) => void): Promise<Measured> => {
    crowd.reset();
    await crowd.count();
    const cpuBefore = cpuMsOf(server.pid);
    const done = await feed.run(commits, everyMs, changes, tell);
    await crowd.settle(300);
    const cpuMs = cpuMsOf(server.pid) - cpuBefore;
    const report = await crowd.report();
    if (report.lost > 0) throw new Error(`${report.lost} clients were lost`);
    return { deliveries: report.clients.length, cpuMs, report, commits: done };
  };
  const ring = () => gateway.tell({ kind: 'RING' });
  const gatewaySide = { server: gateway, crowd: subscribers.crowd };
  const plainSide = { server: plain, crowd: sockets.crowd };

  const cursorOf = (text: string) => /"cursor":"([^"]*)"/.exec(text)?.[1] ?? '';
  /** The commit whose changes a delivery with this cursor ends with. */
  const commitOf = (done: Commit[]) => (cursor: string) => {
    const seq = feed.seqOf(cursor);
    return done.findIndex((commit) => commit.seq >= seq);
  };

  const warm = await measure(gatewaySide, ring);
  plain.tell({
    kind: 'SCRIPT',
    groups: filters.length,
    commits: scriptOf(warm.report, (text) => commitOf(warm.commits)(cursorOf(text)), commits),
  });
  await measure(plainSide, (commit) => plain.tell({ kind: 'SEND', commit }));

  const ratios: number[] = [];
  for (let index = 0; index < parts.rounds; index++) {
    const ours = await measure(gatewaySide, ring);
    const theirs = await measure(plainSide, (commit) => plain.tell({ kind: 'SEND', commit }));
    const perCpu = (one: Measured) => (one.deliveries / one.cpuMs) * 1_000;
    const ratio = perCpu(ours) / perCpu(theirs);
    ratios.push(ratio);
    const describe = (one: Measured) =>
      `${one.deliveries} deliveries of ${Math.round(one.report.bytes / one.deliveries)} B, ${round((one.cpuMs / one.deliveries) * 1_000)} us of CPU each`;
    console.log(
      `  round ${index + 1}: gateway ${describe(ours)}; plain ws ${describe(theirs)}: ${round(ratio, 2)}`,
    );
    if (filters.length === 1) {
      const { each, last } = latenciesOf(ours, commitOf(ours.commits));
      const expected = clients * commits;
      if (each.length !== expected) throw new Error(`${each.length} of ${expected} arrived`);
      console.log(
        `    commit to client p50 ${round(quantile(each, 0.5))} p99 ${round(quantile(each, 0.99))} ms; to the last client p50 ${round(quantile(last, 0.5))} p99 ${round(quantile(last, 0.99))} ms`,
      );
    }
  }
  console.log(`  deliveries a CPU second, plain broadcast = 1: ${round(median(ratios), 2)}`);

  await Promise.all([subscribers.crowd.end(), sockets.crowd.end()]);
  await Promise.all([gateway.end(), plain.end()]);
};
