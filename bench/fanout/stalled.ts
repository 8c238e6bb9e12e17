import { startCrowd, startGateway } from './children.ts';
import type { Feed } from './feed.ts';
import { machineMs, median, quantile, rssBytesOf, sleep } from './machine.ts';
import { FLOOR, RICH } from './operations.ts';
import { ROOMY } from './settings.ts';

const OTHERS = 1_000;
const BEHIND = 100_000;
const ROUNDS = 3;
const COMMITS = 80;
const EVERY_MS = 100;
/** So that the stalled one is also seen to be ended. */
const SLOW_CONSUMER_MS = 5_000;
const MIB = 2 ** 20;

/** One that asks for much and reads nothing, among a thousand that read. */
export const stalledClient = async (feed: Feed): Promise<void> => {
  console.log(`\nOne stalled client, ${BEHIND} changes behind, among ${OTHERS}`);
  const after = feed.headCursor();
  for (let changes = 0; changes < BEHIND; changes += 2_000) await feed.commit(2_000);
  const gateway = await startGateway(feed.file, feed.tenantId, {
    ...ROOMY,
    keepAliveMs: 1_000,
    slowConsumerMs: SLOW_CONSUMER_MS,
  });
  const crowd = await startCrowd();
  await crowd.open({
    port: gateway.port,
    clients: OTHERS,
    operation: { query: FLOOR, variables: [{}] },
    capture: 0,
  });
  const staller = await startCrowd();
  await sleep(1_000);

  const measure = async () => {
    crowd.reset();
    await crowd.count();
    const startBytes = rssBytesOf(gateway.pid);
    let mostBytes = startBytes;
    const watch = setInterval(() => {
      mostBytes = Math.max(mostBytes, rssBytesOf(gateway.pid));
    }, 20);
    const commits = await feed.run(COMMITS, EVERY_MS, 2, () => gateway.tell({ kind: 'RING' }));
    await crowd.settle(300);
    clearInterval(watch);
    const report = await crowd.report();
    if (report.lost > 0) throw new Error(`${report.lost} others were lost`);
    const commitByCursor = report.cursorTexts.map((cursor) => {
      const seq = feed.seqOf(cursor);
      return commits.find((commit) => commit.seq >= seq)!;
    });
    const latencies = Array.from(
      report.clients,
      (_, i) => report.atMs[i]! - commitByCursor[report.cursors[i]!]!.atMs,
    ).sort((a, b) => a - b);
    return { p99: quantile(latencies, 0.99), p50: quantile(latencies, 0.5), startBytes, mostBytes };
  };

  await measure();
  const factors: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const without = await measure();
    const startMs = machineMs();
    await staller.open({
      port: gateway.port,
      clients: 1,
      operation: { query: RICH, variables: [{ after }] },
      capture: 0,
      stalled: true,
    });
    const beside = await measure();
    const { lost } = await staller.count();
    await staller.close();
    factors.push(beside.p99 / without.p99);
    console.log(
      `  round ${round}: p50 ${without.p50.toFixed(1)} -> ${beside.p50.toFixed(1)} ms, p99 ${without.p99.toFixed(1)} -> ${beside.p99.toFixed(1)} ms; server RSS at most +${((without.mostBytes - without.startBytes) / MIB).toFixed(1)} -> +${((beside.mostBytes - beside.startBytes) / MIB).toFixed(1)} MiB; the stalled one ${lost > 0 ? 'was ended' : 'is still there'} after ${Math.round((machineMs() - startMs) / 1_000)} s`,
    );
  }
  console.log(`  p99 of the others, stalled / not: ${median(factors).toFixed(2)}`);
  await Promise.all([crowd.end(), staller.end()]);
  await gateway.end();
};
