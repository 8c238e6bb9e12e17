import { startCrowd, startGateway } from './children.ts';
import type { Feed } from './feed.ts';
import { cpuMsOf, machineMs, median, sleep } from './machine.ts';
import { FLOOR, LEAN, RICH } from './operations.ts';
import { ROOMY } from './settings.ts';

const BEHIND = 100_000;
const ROUNDS = 3;

/** One client that was away for long. */
export const catchUp = async (feed: Feed): Promise<void> => {
  console.log(`\nCatch-up of one client ${BEHIND} changes behind`);
  const after = feed.headCursor();
  const afterSeq = feed.seqOf(after);
  let changes = 0;
  while (changes < BEHIND) {
    await feed.commit(2_000);
    changes += 2_000;
  }
  const head = feed.seqOf(feed.headCursor());
  const gateway = await startGateway(feed.file, feed.tenantId, ROOMY);
  const crowd = await startCrowd();
  for (const [name, query] of Object.entries({ lean: LEAN, floor: FLOOR, rich: RICH })) {
    const rates: number[] = [];
    const cpu: number[] = [];
    let bytes = 0;
    for (let index = 0; index <= ROUNDS; index++) {
      const cpuBefore = cpuMsOf(gateway.pid);
      const startMs = machineMs();
      await crowd.open({
        port: gateway.port,
        clients: 1,
        operation: { query, variables: [{ after }] },
        capture: 0,
      });
      const endMs = startMs + 60_000;
      for (
        let newest = '';
        newest === '' || feed.seqOf(newest) < head;
        newest = (await crowd.count()).newest
      ) {
        if (machineMs() > endMs) throw new Error('it never arrives');
        await sleep(20);
      }
      const report = await crowd.report();
      const tookMs = Math.max(...report.atMs) - startMs;
      bytes = report.bytes;
      const spentMs = cpuMsOf(gateway.pid) - cpuBefore;
      await crowd.close();
      // The first one finds cold code.
      if (index === 0) continue;
      rates.push((BEHIND / tookMs) * 1_000);
      cpu.push((spentMs / BEHIND) * 1_000);
    }
    console.log(
      `  ${name.padEnd(6)} ${Math.round(median(rates))} changes/s, ${median(cpu).toFixed(1)} us of CPU and ${Math.round(bytes / BEHIND)} B a change (log rows ${head - afterSeq})`,
    );
  }
  await crowd.end();
  await gateway.end();
};
