import { startCrowd, startGateway } from './children.ts';
import type { Feed } from './feed.ts';
import { machineMs, median, quantile, rssBytesOf, sleep } from './machine.ts';
import { FLOOR, RICH } from './operations.ts';
import { ROOMY } from './settings.ts';

const OTHERS = 1_000;
const BEHIND = 100_000;
const ROUNDS = 3;
/** Of a measurement, and of the time in which the client's buffers fill. */
const COMMITS = 60;
const FILLING = 20;
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

  const measure = async (count: number) => {
    crowd.reset();
    await crowd.count();
    const startBytes = rssBytesOf(gateway.pid);
    let mostBytes = startBytes;
    const watch = setInterval(() => {
      mostBytes = Math.max(mostBytes, rssBytesOf(gateway.pid));
    }, 20);
    const commits = await feed.run(count, EVERY_MS, 2, () => gateway.tell({ kind: 'RING' }));
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

  const streams = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${gateway.port}/status`);
    // The gateway's own report.
    return ((await response.json()) as { activeStreams: number }).activeStreams;
  };

  await measure(COMMITS);
  const factors: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const without = await measure(COMMITS);
    const startBytes = rssBytesOf(gateway.pid);
    const startMs = machineMs();
    await staller.open({
      port: gateway.port,
      clients: 1,
      operation: { query: RICH, variables: [{ after }] },
      capture: 0,
      stalled: true,
    });
    const filling = await measure(FILLING);
    const beside = await measure(COMMITS);
    const mostBytes = Math.max(filling.mostBytes, beside.mostBytes);
    const ended = (await streams()) === OTHERS;
    const afterMs = machineMs() - startMs;
    await staller.close();
    factors.push(beside.p99 / without.p99);
    const ms = (value: number) => value.toFixed(1);
    console.log(
      `  round ${round}: p50 ${ms(without.p50)}, p99 ${ms(without.p99)} ms without; ${ms(filling.p50)}, ${ms(filling.p99)} while its buffers fill; ${ms(beside.p50)}, ${ms(beside.p99)} beside it; server RSS +${((mostBytes - startBytes) / MIB).toFixed(1)} MiB at most; ${ended ? 'ended' : 'still there'} after ${Math.round(afterMs / 1_000)} s`,
    );
  }
  console.log(`  p99 of the others, stalled / not: ${median(factors).toFixed(2)}`);
  await Promise.all([crowd.end(), staller.end()]);
  await gateway.end();
};
