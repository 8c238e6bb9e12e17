import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import {
  AUTHORIZATION,
  DAY,
  exchange,
  iso,
  MINUTE,
  NOW,
  pageUrl,
  readPage,
  recordsIn,
  startFloor,
  startMsOf,
  TENANT,
} from './floor.ts';

describe('the page over HTTP', () => {
  let floor: Simulator;
  const hourAgo = { start: iso(NOW - 70 * MINUTE), end: iso(NOW - 60 * MINUTE) };
  const ask = (params: Record<string, string | number>) => exchange(pageUrl(floor, params));

  beforeAll(async () => {
    floor = await startFloor({ preset: 'medium', truth: true });
  });
  afterAll(() => floor.stop());

  it('answers an envelope with every record of the window, by start', async () => {
    const page = await readPage(floor, hourAgo);
    expect(page).toMatchObject({
      tenantId: TENANT,
      timezone: 'UTC',
      offset: 0,
      page: '0',
      start: hourAgo.start,
      end: hourAgo.end,
    });
    expect(page.total).toBeGreaterThan(50);
    expect(page.results).toHaveLength(page.total);
    expect(page.limit).toBe(page.total);
    const starts = recordsIn(page).map(startMsOf);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts[0]).toBeGreaterThanOrEqual(Date.parse(hourAgo.start));
    expect(starts.at(-1)).toBeLessThan(Date.parse(hourAgo.end));
  });

  it('cuts a window into pages that together are the whole', async () => {
    const whole = await readPage(floor, hourAgo);
    const joined = [];
    for (let offset = 0; offset < whole.total; offset += 40) {
      const page = await readPage(floor, { ...hourAgo, limit: 40, offset });
      expect(page).toMatchObject({ total: whole.total, limit: 40, offset });
      joined.push(...page.results);
    }
    expect(joined).toEqual(whole.results);
    expect((await readPage(floor, { ...hourAgo, offset: whole.total + 5 })).results).toEqual([]);
    expect((await readPage(floor, { ...hourAgo, offset: 45 })).results).toEqual(whole.results.slice(45));
  });

  it('answers on all paths that the vendor writes', async () => {
    const query = new URLSearchParams(hourAgo);
    const expected = (await readPage(floor, hourAgo)).total;
    for (const path of [
      `//tenants/${TENANT}/wfm/rta`,
      '//wfm/rta',
      '/wfm/rta',
      `/tenants/${TENANT}/wfm//rta`,
    ]) {
      const reply = await exchange(`${floor.baseUrl}${path}?${query}`);
      expect(reply.status, path).toBe(200);
      expect(JSON.parse(reply.body.toString()).total).toBe(expected);
    }
  });

  it('refuses missing and wrong credentials with a challenge', async () => {
    for (const authorization of ['', 'Basic !!!', 'Bearer abc', `Basic ${btoa('rta:wrong')}`]) {
      const reply = await exchange(pageUrl(floor, hourAgo), { headers: { authorization } });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
  });

  it('knows one tenant, one page and one method', async () => {
    const query = new URLSearchParams(hourAgo);
    const other = '11111111-7d3b-11e7-b08f-6e56a766befb';
    expect((await exchange(`${floor.baseUrl}/tenants/${other}/wfm/rta?${query}`)).status).toBe(404);
    expect((await exchange(`${floor.baseUrl}/tenants/${TENANT}/wfm/intervals?${query}`)).status).toBe(404);
    const posted = await exchange(pageUrl(floor, hourAgo), { method: 'POST' });
    expect(posted.status).toBe(405);
    expect(posted.headers.allow).toBe('GET');
  });

  it.each([
    ['no start', {}],
    ['a start that is no date', { start: 'yesterday' }],
    ['a start on a day that does not exist', { start: '2026-02-30T00:00:00Z' }],
    ['a start with another zone', { start: '2026-11-23T14:25:00+01:00' }],
    ['an end that is no date', { start: iso(NOW - MINUTE), end: 'now' }],
    ['an end before the start', { start: iso(NOW - MINUTE), end: iso(NOW - MINUTE - 1) }],
    [
      'a range of 10 minutes and a millisecond',
      { start: iso(NOW - 20 * MINUTE), end: iso(NOW - 10 * MINUTE + 1) },
    ],
    ['no end for a start over 10 minutes ago', { start: iso(NOW - 10 * MINUTE - 1) }],
    ['a start over 3 days ago', { start: iso(NOW - 3 * DAY - 1), end: iso(NOW - 3 * DAY + MINUTE) }],
    ['a limit that is no number', { start: iso(NOW - MINUTE), limit: 'all' }],
    ['a limit of 0', { start: iso(NOW - MINUTE), limit: 0 }],
    ['a negative offset', { start: iso(NOW - MINUTE), offset: -1 }],
    ['a broken offset', { start: iso(NOW - MINUTE), offset: '1.5' }],
  ])('answers 400 and why to %s', async (_what, params: Record<string, string | number>) => {
    const reply = await ask(params);
    expect(reply.status).toBe(400);
    const body = JSON.parse(reply.body.toString());
    expect(body).toMatchObject({ status: 400, error: 'Bad Request' });
    expect(body.message.length).toBeGreaterThan(10);
  });

  it('takes exactly 10 minutes, exactly 3 days ago, and no end for a start 10 minutes ago', async () => {
    expect((await ask({ start: iso(NOW - 20 * MINUTE), end: iso(NOW - 10 * MINUTE) })).status).toBe(200);
    expect((await ask({ start: iso(NOW - 3 * DAY), end: iso(NOW - 3 * DAY + MINUTE) })).status).toBe(200);
    const open = await readPage(floor, { start: iso(NOW - 10 * MINUTE) });
    expect(open.end).toBe(iso(NOW));
    expect(open.total).toBeGreaterThan(50);
  });

  it('reads instants without milliseconds and with the odd colon before them', async () => {
    const page = await readPage(floor, { start: '2026-11-23T13:20:00Z', end: '2026-11-23T13:25:00:999Z' });
    expect(page).toMatchObject({ start: '2026-11-23T13:20:00.000Z', end: '2026-11-23T13:25:00.999Z' });
  });

  it('shows nothing younger than 15 seconds', async () => {
    const page = await readPage(floor, { start: iso(NOW - 10 * MINUTE) });
    const youngest = Math.max(...recordsIn(page).map(startMsOf));
    expect(youngest).toBeLessThanOrEqual(NOW - 15_000);
    expect(youngest).toBeGreaterThan(NOW - 60_000);
  });

  it('packs the answer only for those who accept it', async () => {
    const plain = await exchange(pageUrl(floor, hourAgo));
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await exchange(pageUrl(floor, hourAgo), { headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.body.length).toBeLessThan(plain.body.length / 4);
    expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
    const refused = await exchange(pageUrl(floor, hourAgo), { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('counts and logs requests without their credentials', async () => {
    const before = floor.requests();
    await ask({ ...hourAgo, limit: 3 });
    await ask({});
    const after = floor.requests();
    expect(after.total - before.total).toBe(2);
    expect(after.last.slice(-2)).toMatchObject([
      { method: 'GET', status: 200, rows: 3, fault: null },
      { status: 400, rows: null },
    ]);
    expect(JSON.stringify(after)).not.toContain(AUTHORIZATION.slice(6));
  });

  it('serves the ground truth of any range as lines of JSON', async () => {
    const origin = floor.baseUrl.replace('/v1', '');
    const query = new URLSearchParams({ start: iso(NOW - 3 * 3_600_000), end: iso(NOW) });
    const reply = await exchange(`${origin}/truth?${query}`);
    const rows = reply.body
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual(floor.truth({ fromMs: NOW - 3 * 3_600_000, toMs: NOW }));
    expect(rows.length).toBeGreaterThan(1000);
    expect((await exchange(`${origin}/truth?${query}`, { headers: { authorization: '' } })).status).toBe(401);
    const page = await readPage(floor, hourAgo);
    const shown = rows
      .filter((row) => row.startMs >= NOW - 70 * MINUTE && row.startMs < NOW - 60 * MINUTE)
      .map((row) => row.record);
    expect(page.results).toEqual(shown);
  });
});

describe('a simulator', () => {
  it('has no ground truth to read unless told so', async () => {
    const floor = await startFloor();
    const origin = floor.baseUrl.replace('/v1', '');
    expect((await exchange(`${origin}/truth?start=${iso(NOW - MINUTE)}&end=${iso(NOW)}`)).status).toBe(404);
    await floor.stop();
  });

  it('survives a request line that is no address', async () => {
    const floor = await startFloor();
    const socket = connect(floor.port, '127.0.0.1');
    socket.write('OPTIONS *^ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [line] = await once(socket, 'data');
    expect(String(line)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await exchange(pageUrl(floor, { start: iso(NOW - MINUTE) }))).status).toBe(200);
    await floor.stop();
  });

  it('lives on its own clock, and dates its answers by it', async () => {
    const floor = await startFloor({ clockOffsetMs: 120_000 });
    const reply = await exchange(pageUrl(floor, { start: iso(NOW - MINUTE) }));
    expect(reply.headers.date).toBe(new Date(NOW + 120_000).toUTCString());
    expect(JSON.parse(reply.body.toString()).end).toBe(iso(NOW + 120_000));
    await floor.clock.advance(30_000);
    expect(floor.nowMs()).toBe(NOW + 150_000);
    await floor.stop();
  });

  it('frees its port at once, even in the middle of an answer', async () => {
    const floor = await startFloor({ faults: { stall: 1 } });
    const pending = exchange(pageUrl(floor, { start: iso(NOW - 5 * MINUTE) }));
    await expect.poll(() => floor.requests().total).toBe(1);
    await floor.stop();
    expect((await pending).broken).toBe(true);
    const next = await startFloor({ port: floor.port });
    expect(next.port).toBe(floor.port);
    await next.stop();
  });
});
