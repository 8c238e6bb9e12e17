import { describe, expect, it } from 'vitest';
import { envelope, JSON_HEADERS, read, row, rows, serve, upstreamAt, WINDOW } from './faultServer.ts';

type Ask = { limit: number; offset: number; n: number };

/** Serves slices of a list that may change between requests, of which `n` is the number. */
const servePages = async (
  listAt: (ask: Ask) => unknown[],
  more: (ask: Ask) => Record<string, unknown> = () => ({}),
) => {
  const asked: number[] = [];
  const server = await serve((request, response) => {
    const params = new URL(request.url ?? '', 'http://upstream').searchParams;
    const ask = { limit: Number(params.get('limit')), offset: Number(params.get('offset')), n: asked.length };
    asked.push(ask.offset);
    const list = listAt(ask);
    const page = list.slice(ask.offset, ask.offset + ask.limit);
    response.writeHead(200, JSON_HEADERS);
    response.end(envelope(page, { total: list.length, limit: ask.limit, offset: ask.offset, ...more(ask) }));
  });
  return { ...server, asked };
};

const idsOf = (list: Record<string, unknown>[]) => list.map(({ eventId }) => eventId);

describe('reading a window in pages', () => {
  it('moves on by the limit, not by the vendor’s total - limit, and looks at the first page again', async () => {
    const list = rows(250);
    const server = await servePages(() => list);
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome).toMatchObject({ kind: 'READ', requests: 4 });
    expect(outcome.kind === 'READ' && outcome.records.map(({ eventId }) => eventId)).toEqual(idsOf(list));
    expect(server.asked).toEqual([0, 100, 200, 0]);
  });

  it.each([
    [0, [0]],
    [1, [0]],
    [100, [0]],
    [101, [0, 100, 0]],
    [200, [0, 100, 0]],
  ])('reads %i rows by 100', async (count, offsets) => {
    const server = await servePages(() => rows(count));
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(count);
    expect(server.asked).toEqual(offsets);
  });

  it('loses no row to a server that gives fewer a page than it was asked for', async () => {
    const server = await servePages(
      () => rows(250),
      ({ offset }) => ({ results: rows(250).slice(offset, offset + 60) }),
    );
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(250);
  });

  it('reads to the page that is not full when there is no total', async () => {
    const server = await servePages(
      () => rows(250),
      () => ({ total: undefined }),
    );
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(250);
  });

  it('reads again when the total moved between pages', async () => {
    const server = await servePages(({ n }) => (n < 1 ? rows(249) : rows(250)));
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(250);
    expect(server.asked).toEqual([0, 100, 0, 100, 200, 0]);
  });

  it('reads again when rows shifted under an unmoved total', async () => {
    // Between the first two pages a row leaves the front and another comes at the end: row 100 is on neither page.
    const server = await servePages(({ n }) => (n < 1 ? rows(250) : rows(250, 1)));
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records.map(({ eventId }) => eventId)).toEqual(
      idsOf(rows(250, 1)),
    );
  });

  it('reads again when a shift past the first page repeats a row', async () => {
    const shifted = [...rows(150), row(900), ...rows(99, 150)];
    const server = await servePages(({ n }) => (n < 2 ? rows(250) : shifted));
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records.map(({ eventId }) => eventId)).toEqual(idsOf(shifted));
  });

  it('gives a window back unread when its pages never stand still', async () => {
    const growing = await servePages(({ n }) => rows(250 + n));
    expect(await read(growing.baseUrl, { pageLimit: 100 })).toMatchObject({
      kind: 'FAILED',
      code: 'UNSTABLE',
    });
    const sliding = await servePages(({ n }) => rows(250, n));
    expect(await read(sliding.baseUrl, { pageLimit: 100 })).toMatchObject({
      kind: 'FAILED',
      code: 'UNSTABLE',
    });
    expect(sliding.asked).toHaveLength(16);
  });

  it('gives a window back unread when fewer rows come than the total says', async () => {
    const server = await servePages(
      () => rows(150),
      () => ({ total: 250 }),
    );
    expect(await read(server.baseUrl, { pageLimit: 100 })).toMatchObject({
      kind: 'FAILED',
      code: 'UNSTABLE',
    });
  });

  it('keeps rows that upstream really has twice, on one page or on two', async () => {
    const list = [...rows(60), row(0), ...rows(60, 60), row(1)];
    const server = await servePages(() => list);
    const outcome = await read(server.baseUrl, { pageLimit: 100 });
    expect(outcome.kind === 'READ' && outcome.records.map(({ eventId }) => eventId)).toEqual(idsOf(list));
  });

  it('does not mind records that are rewritten in place meanwhile', async () => {
    const server = await servePages(({ n }) => rows(150).map((each) => ({ ...each, state: `s${n}` })));
    expect(await read(server.baseUrl, { pageLimit: 100 })).toMatchObject({ kind: 'READ', requests: 3 });
  });

  it('holds all pages of a window to the size limit together', async () => {
    const server = await servePages(() => rows(250));
    const onePage = envelope(rows(100)).length;
    const outcome = await read(server.baseUrl, { pageLimit: 100, maxBodyBytes: onePage * 2 });
    expect(outcome).toMatchObject({ kind: 'FAILED', code: 'TOO_LARGE' });
  });

  it('passes on a failure of any page', async () => {
    const server = await serve((request, response) => {
      const offset = Number(new URL(request.url ?? '', 'http://upstream').searchParams.get('offset'));
      response.writeHead(offset === 100 ? 503 : 200, JSON_HEADERS);
      response.end(envelope(rows(100), { total: 250 }));
    });
    expect(await read(server.baseUrl, { pageLimit: 100 })).toMatchObject({
      code: 'SERVER_ERROR',
      status: 503,
    });
  });
});

describe('a window of seconds that is too large for one answer', () => {
  const seconds = { fromMs: WINDOW.fromMs, toMs: WINDOW.fromMs + 4_000 };
  const serveAll = async (count: number) => {
    const list = rows(count);
    const limits: (number | null)[] = [];
    const server = await serve((request, response) => {
      const params = new URL(request.url ?? '', 'http://upstream').searchParams;
      const limit = params.get('limit') === null ? null : Number(params.get('limit'));
      const offset = Number(params.get('offset') ?? 0);
      limits.push(limit);
      const page = list.slice(offset, offset + (limit ?? list.length));
      response.writeHead(200, JSON_HEADERS).end(envelope(page, { total: list.length }));
    });
    return { ...server, list, limits };
  };

  it('is read page by page, in pages as small as it takes, though no page limit is set', async () => {
    const server = await serveAll(250);
    const maxBodyBytes = Math.ceil(envelope(rows(120)).length);
    const upstream = upstreamAt(server.baseUrl, { maxBodyBytes });
    const outcome = await upstream.readWindow(seconds, new AbortController().signal);
    expect(outcome.kind === 'READ' && outcome.records.map(({ eventId }) => eventId)).toEqual(
      idsOf(server.list),
    );
    expect([...new Set(server.limits)]).toEqual([null, 2_000, 100]);
  });

  it('stays too large when all its pages are more than can be held', async () => {
    const server = await serveAll(250);
    const upstream = upstreamAt(server.baseUrl, { maxBodyBytes: envelope(rows(20)).length });
    const outcome = await upstream.readWindow(seconds, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'FAILED', code: 'TOO_LARGE' });
  });

  it('is left to shorter windows as long as it can be made shorter', async () => {
    const server = await serveAll(250);
    const outcome = await read(server.baseUrl, { maxBodyBytes: envelope(rows(120)).length });
    expect(outcome).toMatchObject({ kind: 'FAILED', code: 'TOO_LARGE' });
    expect(server.limits).toEqual([null]);
  });
});
