import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import { openWriter } from '../../src/mirror/index.ts';
import { createLogger } from '../../src/observability/index.ts';
import { startTenant } from '../../src/tenant/index.ts';
import { until } from '../e2e/support/until.ts';
import { envelope, JSON_HEADERS, row, serve, TENANT } from '../upstream/faultServer.ts';

type Held = { request: IncomingMessage; response: ServerResponse };

/** Upstream answers the first reading of the present at once, and holds the next until told. */
const startHeldTenant = async () => {
  const held: Held[] = [];
  let answered = 0;
  const { baseUrl, requests } = await serve((request, response) => {
    answered += 1;
    if (answered === 1) response.writeHead(200, JSON_HEADERS).end(envelope([]));
    else held.push({ request, response });
  });
  const folder = mkdtempSync(join(tmpdir(), 'tenant-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'mirror.sqlite');
  const warnings: string[] = [];
  const tenant = await startTenant({
    assignment: {
      tenantId: TENANT,
      file,
      baseUrl,
      username: 'rta',
      password: 'hunter2',
      pollIntervalMs: 1_000,
      settleMs: 15_000,
      lookbackMs: 90_000,
      backfillMs: 0,
      pageLimit: null,
      requestTimeoutMs: 20_000,
      retentionMs: 90 * 86_400_000,
      changeRetentionMs: 7 * 86_400_000,
    },
    clock: systemClock,
    log: createLogger({
      level: 'warn',
      format: 'json',
      write: (line) => void warnings.push(JSON.parse(line).msg),
    }),
    draining: new AbortController().signal,
  });
  const inFlight = await until('a request is in flight', () => held[0], 20_000);
  return { tenant, file, warnings, requests, inFlight };
};

/** What is in a mirror that nobody writes any more. */
const mirrorAt = (file: string) => {
  const writer = openWriter({ file, tenantId: TENANT, randomBytes });
  const { coverage } = writer.readPollState();
  const events = writer.openEvents();
  writer.close();
  return { coverage, events };
};

/** The newest seconds that were asked for. */
const lastStartOf = ({ request }: Held): string => {
  const end = new URL(request.url ?? '', 'http://upstream').searchParams.get('end');
  return new Date(Date.parse(end ?? '') - 10_000).toISOString();
};

test.each([1_000, 2_500])(
  'what upstream answers %d ms after the tenant was told to stop is in the mirror when it has stopped',
  async (lateMs) => {
    const { tenant, file, warnings, requests, inFlight } = await startHeldTenant();
    const eventId = '0980a230-aabf-11e7-8aba-0fc9cd50d3ff';
    const start = lastStartOf(inFlight);
    const asked = requests.length;

    const stopped = tenant.stop();
    // How long upstream takes is what is tried here: nothing else happens meanwhile.
    await after(lateMs);
    inFlight.response.writeHead(200, JSON_HEADERS).end(envelope([row(0, { eventId, start })]));
    const answeredMs = performance.now();
    await stopped;

    expect(performance.now() - answeredMs).toBeLessThan(1_000);
    expect(requests.length).toBe(asked);
    expect(warnings).toEqual([]);
    expect(mirrorAt(file).events).toMatchObject([{ eventId, startMs: Date.parse(start) }]);
  },
);

test('where upstream does not answer any more the tenant stops in time, by itself, and leaves its file whole', async () => {
  const { tenant, file, warnings } = await startHeldTenant();
  const askedMs = performance.now();
  await tenant.stop();
  const tookMs = performance.now() - askedMs;
  // Four seconds for upstream; at six the thread would have been cut off, with a warning.
  expect(tookMs).toBeGreaterThan(3_500);
  expect(tookMs).toBeLessThan(6_000);
  expect(warnings).toEqual([]);
  const { coverage } = mirrorAt(file);
  expect(coverage.map(({ level }) => level)).toContain('SETTLED');
});
