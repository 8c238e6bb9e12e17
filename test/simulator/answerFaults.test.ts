import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Envelope, SimulatorFaults, SimulatorOptions } from '../../src/simulator/index.ts';
import {
  exchange,
  HOUR,
  iso,
  MINUTE,
  NOW,
  pageUrl,
  play,
  type Reply,
  readPage,
  recordsIn,
  startFloor,
  startMsOf,
  TENANT,
} from './floor.ts';

type Floor = Awaited<ReturnType<typeof startFloor>>;

const running: Floor[] = [];
const withFaults = async (faults: Partial<SimulatorFaults>, options: Partial<SimulatorOptions> = {}) => {
  const floor = await startFloor({ faults, ...options });
  running.push(floor);
  return floor;
};
afterEach(async () => {
  for (const floor of running.splice(0)) await floor.stop();
});

const window = { start: iso(NOW - HOUR), end: iso(NOW - 50 * MINUTE) };
const get = (
  floor: Floor,
  headers: Record<string, string> = {},
  params: Record<string, string | number> = {},
) => exchange(pageUrl(floor, { ...window, ...params }), { headers });
const getPacked = (floor: Floor) => get(floor, { 'accept-encoding': 'gzip' });
const pageOf = (reply: Reply): Envelope => JSON.parse(reply.body.toString());

describe('faults that answer instead of the page', () => {
  it('5xx at its rate, always the same ones for one seed', async () => {
    const statuses = async () => {
      const floor = await withFaults({ http5xx: 0.4 });
      const list: number[] = [];
      for (let i = 0; i < 60; i++) list.push((await get(floor)).status);
      return list;
    };
    const first = await statuses();
    const failed = first.filter((status) => status >= 500).length;
    expect(failed).toBeGreaterThan(12);
    expect(failed).toBeLessThan(36);
    expect(new Set(first).size).toBeGreaterThan(3);
    expect(await statuses()).toEqual(first);
  });

  it('storms: whole minutes of 503, and whole minutes without', async () => {
    const floor = await withFaults({ storm: 0.5 });
    const minutes: string[] = [];
    for (let minute = 0; minute < 12; minute++) {
      const statuses = new Set([(await get(floor)).status, (await get(floor)).status]);
      minutes.push([...statuses].join());
      await floor.clock.advance(MINUTE);
    }
    expect(new Set(minutes)).toEqual(new Set(['200', '503']));
  });

  it('429 with Retry-After', async () => {
    const reply = await get(await withFaults({ http429: 1, retryAfterSeconds: 7 }));
    expect(reply.status).toBe(429);
    expect(reply.headers['retry-after']).toBe('7');
  });

  it('401 from now on, and right again when switched back', async () => {
    const floor = await withFaults({});
    expect((await get(floor)).status).toBe(200);
    floor.setFaults({ unauthorized: 1 });
    const refused = await get(floor);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBeDefined();
    floor.setFaults({});
    expect((await get(floor)).status).toBe(200);
    expect(floor.requests().byFault).toEqual({ UNAUTHORIZED: 1 });
  });

  it('a log-in page with status 200', async () => {
    const reply = await get(await withFaults({ html: 1 }));
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/html');
    expect(reply.body.toString()).toMatch(/^<!DOCTYPE html>/);
  });

  it('a redirect to another host', async () => {
    const reply = await get(await withFaults({ redirect: 1, redirectUrl: 'http://127.0.0.1:9/v1' }));
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe('http://127.0.0.1:9/v1');
  });

  it('outages: every connection is reset for as long as they last', async () => {
    const floor = await withFaults({ outages: [{ fromMs: NOW + MINUTE, toMs: NOW + 3 * MINUTE }] });
    expect((await get(floor)).status).toBe(200);
    await floor.clock.advance(MINUTE);
    expect(await get(floor)).toMatchObject({ status: 0, broken: true });
    await floor.clock.advance(2 * MINUTE);
    expect((await get(floor)).status).toBe(200);
  });
});

describe('faults inside a well-formed answer', () => {
  it('no Date header', async () => {
    expect((await get(await withFaults({}))).headers.date).toBeDefined();
    expect((await get(await withFaults({ noDate: 1 }))).headers.date).toBeUndefined();
  });

  it('a Date out of a cache', async () => {
    const { headers } = await get(await withFaults({ cachedDate: 1 }));
    expect(headers.age).toBe('300');
    expect(headers.date).toBe(new Date(NOW - 300_000).toUTCString());
  });

  it('the rows of two minutes ago', async () => {
    const floor = await withFaults({}, { preset: 'medium' });
    const params = { start: iso(NOW - 10 * MINUTE), end: iso(NOW) };
    const fresh = await readPage(floor, params);
    floor.setFaults({ stale: 1 });
    const stale = await readPage(floor, params);
    expect(stale.total).toBeLessThan(fresh.total);
    await floor.clock.advance(2 * MINUTE);
    expect((await readPage(floor, params)).results).toEqual(fresh.results);
  });

  it('some rows missing, and a total that hides it', async () => {
    const floor = await withFaults({}, { preset: 'medium' });
    const whole = await readPage(floor, window);
    floor.setFaults({ missingRows: 1 });
    const page = await readPage(floor, window);
    expect(page.total).toBeLessThan(whole.total);
    expect(page.results).toHaveLength(page.total);
    for (const row of page.results) expect(whole.results).toContainEqual(row);
  });

  it('nothing in it', async () => {
    const page = pageOf(await get(await withFaults({ empty: 1 })));
    expect(page).toMatchObject({ total: 0, results: [] });
  });

  it('a total that does not fit', async () => {
    const page = pageOf(await get(await withFaults({ wrongTotal: 1 })));
    expect(page.total).toBeGreaterThan(page.results.length);
  });

  it('rows from outside the window', async () => {
    const page = pageOf(await get(await withFaults({ outsideRows: 1 }, { preset: 'medium' })));
    const outside = recordsIn(page).filter((row) => startMsOf(row) < Date.parse(window.start));
    expect(outside).toHaveLength(5);
    expect(page.total).toBe(page.results.length);
  });

  it('later pages that start one row off, and a total that says so', async () => {
    const floor = await withFaults({}, { preset: 'medium' });
    const whole = await readPage(floor, window);
    floor.setFaults({ shiftPages: 1 });
    expect(pageOf(await get(floor, {}, { limit: 10 })).results).toEqual(whole.results.slice(0, 10));
    const moves = new Set<number>();
    for (let i = 0; i < 12; i++) {
      const page = pageOf(await get(floor, {}, { limit: 10, offset: 10 }));
      const moved = whole.total - page.total;
      moves.add(moved);
      expect(page.results).toEqual(whole.results.slice(10 + moved, 20 + moved));
    }
    expect(moves).toEqual(new Set([1, -1]));
  });

  it("another tenant's rows", async () => {
    const own = pageOf(await get(await withFaults({})));
    const foreign = pageOf(await get(await withFaults({ foreignTenant: 1 })));
    expect(foreign.tenantId).not.toBe(TENANT);
    expect(foreign.results).toHaveLength(own.results.length);
    const idsOf = (page: Envelope) => recordsIn(page).map((row) => row.eventId);
    expect(idsOf(own).filter((id) => idsOf(foreign).includes(id))).toEqual([]);
  });
});

describe('faults on the wire', () => {
  it('reset: no answer at all', async () => {
    const floor = await withFaults({ reset: 1 });
    expect(await get(floor)).toMatchObject({ status: 0, broken: true });
    expect(floor.requests().byFault).toEqual({ RESET: 1 });
  });

  it('truncated JSON that ends cleanly', async () => {
    const reply = await get(await withFaults({ truncate: 1 }));
    expect(reply).toMatchObject({ status: 200, broken: false });
    expect(() => pageOf(reply)).toThrow(SyntaxError);
  });

  it('half a gzip stream that ends cleanly', async () => {
    const reply = await getPacked(await withFaults({ gzipTruncate: 1 }));
    expect(reply).toMatchObject({ status: 200, broken: false });
    expect(reply.headers['content-encoding']).toBe('gzip');
    expect(() => gunzipSync(reply.body)).toThrow('unexpected end of file');
  });

  it('a gzip stream without its trailer: all the text, no checksum', async () => {
    const right = await getPacked(await withFaults({}));
    const reply = await getPacked(await withFaults({ gzipNoTrailer: 1 }));
    expect(reply.broken).toBe(false);
    expect(reply.body.equals(right.body.subarray(0, -8))).toBe(true);
    expect(() => gunzipSync(reply.body)).toThrow('unexpected end of file');
  });

  it('a small stream that unpacks to very much', async () => {
    const reply = await getPacked(await withFaults({ bomb: 1, bombBytes: 20_000_000 }));
    expect(reply).toMatchObject({ status: 200, broken: false });
    expect(reply.body.length).toBeLessThan(200_000);
    const text = gunzipSync(reply.body);
    expect(text.length).toBeGreaterThan(20_000_000);
    expect(JSON.parse(text.toString()).results).toHaveLength(1);
  });

  it('an oversized body for those who do not unpack', async () => {
    const reply = await get(await withFaults({ bomb: 1, bombBytes: 5_000_000 }));
    expect(reply.body.length).toBeGreaterThan(5_000_000);
  });

  it('a body that stalls half-way', async () => {
    const floor = await withFaults({ stall: 1 });
    const giveUp = new AbortController();
    const pending = exchange(pageUrl(floor, window), { signal: giveUp.signal });
    await expect.poll(() => floor.requests().total).toBe(1);
    giveUp.abort();
    const reply = await pending;
    expect(reply.broken).toBe(true);
    expect(() => pageOf(reply)).toThrow(SyntaxError);
  });

  it('a body at one byte per 200 ms', async () => {
    const floor = await withFaults({ slowBody: 1 });
    const pending = exchange(pageUrl(floor, { start: iso(NOW - 2_000), end: iso(NOW - 1_000) }));
    await expect.poll(() => floor.requests().total).toBe(1);
    let done = false;
    void pending.then(() => {
      done = true;
    });
    await floor.clock.advance(10_000);
    expect(done).toBe(false);
    await floor.clock.advance(60_000);
    expect(pageOf(await pending).total).toBe(0);
  });
});

describe('a feed without sockets', () => {
  it('names the wire fault instead of breaking a connection', () => {
    const query = { startMs: NOW - HOUR, endMs: NOW - 50 * MINUTE, limit: null, offset: 0 };
    expect(play({ faults: { reset: 1 } }).answer(query, NOW)).toMatchObject({
      wire: 'RESET',
      fault: 'RESET',
    });
    expect(play({ faults: { truncate: 1 } }).answer(query, NOW)).toMatchObject({
      status: 200,
      wire: 'TRUNCATE',
    });
    expect(play().answer(query, NOW)).toMatchObject({ status: 200, wire: null, fault: null });
  });
});
