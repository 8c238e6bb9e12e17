import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock/systemClock.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import {
  answering,
  CANARY,
  envelope,
  JSON_HEADERS,
  read,
  row,
  rows,
  serve,
  TENANT,
  USERNAME,
  upstreamAt,
  WINDOW,
} from './faultServer.ts';

describe('reading a window in one answer', () => {
  it('asks the tenant’s page for the window, with basic auth and gzip, and without a limit', async () => {
    const server = await serve(answering(200, JSON_HEADERS, envelope([])));
    await upstreamAt(`${server.baseUrl}//`).readWindow(
      { fromMs: WINDOW.fromMs + 0.7, toMs: WINDOW.toMs + 0.2 },
      new AbortController().signal,
    );
    const [request] = server.requests;
    const url = new URL(request?.url ?? '', server.baseUrl);
    expect(request?.method).toBe('GET');
    expect(url.pathname).toBe(`/v1/tenants/${TENANT}/wfm/rta`);
    expect([...url.searchParams]).toEqual([
      ['start', '2026-11-23T10:00:00.000Z'],
      ['end', '2026-11-23T10:10:00.001Z'],
    ]);
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from(`${USERNAME}:${CANARY}`).toString('base64')}`,
      'accept-encoding': 'gzip',
    });
  });

  it('reads a packed body, a byte-order mark and a JSON type with parameters', async () => {
    const body = gzipSync(`\uFEFF${envelope(rows(3))}`);
    const headers = { 'content-type': 'application/vnd.api+json; charset=utf-8', 'content-encoding': 'gzip' };
    const server = await serve(answering(200, headers, body));
    const outcome = await read(server.baseUrl);
    expect(outcome).toMatchObject({ kind: 'READ', requests: 1, quarantined: [] });
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(3);
  });

  it('keeps rows that upstream repeats, in their order', async () => {
    const server = await serve(
      answering(200, JSON_HEADERS, envelope([row(1), row(0, { state: 'idle' }), row(1, { state: 'away' })])),
    );
    const outcome = await read(server.baseUrl);
    expect(outcome.kind === 'READ' && outcome.records.map(({ state }) => state)).toEqual([
      null,
      'idle',
      'away',
    ]);
  });

  it('sets bad rows aside, however many, and keeps their neighbours', async () => {
    const bad = [null, 42, 'x', {}, { ...row(9), agentId: 'nobody' }];
    const server = await serve(answering(200, JSON_HEADERS, envelope([...bad, row(1)])));
    const outcome = await read(server.baseUrl);
    expect(outcome.kind === 'READ' && outcome.records).toHaveLength(1);
    expect(outcome.kind === 'READ' && outcome.quarantined.map(({ reason }) => reason)).toEqual([
      'NOT_AN_OBJECT',
      'NOT_AN_OBJECT',
      'NOT_AN_OBJECT',
      'NO_EVENT_ID',
      'NO_AGENT_ID',
    ]);
  });

  it.each([
    ['a number', 2],
    ['a numeric string', '2'],
    ['null', null],
    ['absent', undefined],
  ])('takes a total that is %s', async (_what, total) => {
    const server = await serve(answering(200, JSON_HEADERS, envelope(rows(2), { total })));
    expect(await read(server.baseUrl)).toMatchObject({ kind: 'READ' });
  });

  it.each([
    ['rows missing against `total`', envelope(rows(2), { total: 3 })],
    ['rows beyond `total`', envelope(rows(2), { total: 1 })],
    ['a total that is no count', envelope(rows(2), { total: 'many' })],
    ['no results', envelope(undefined)],
    ['results that are no list', envelope({ 0: row(0) })],
    ['a list instead of the envelope', JSON.stringify(rows(1))],
    ['null', 'null'],
    ['another tenant’s envelope', envelope(rows(1), { tenantId: TENANT.replace('6d', '7e') })],
    ['another tenant’s row', envelope([row(0), row(1, { tenantId: TENANT.replace('6d', '7e') })])],
    ['no JSON', '<!DOCTYPE html>'],
    ['nothing', ''],
  ])('does not take an answer with %s for whole', async (_what, body) => {
    const server = await serve(answering(200, JSON_HEADERS, body));
    expect(await read(server.baseUrl)).toMatchObject({ kind: 'FAILED', code: 'UNREADABLE', status: 200 });
  });

  it('knows its own tenant in any case of letters', async () => {
    const server = await serve(
      answering(200, JSON_HEADERS, envelope(rows(1), { tenantId: TENANT.toUpperCase() })),
    );
    expect(await read(server.baseUrl)).toMatchObject({ kind: 'READ' });
  });

  it('survives a row that is nested too deeply to be written out again', async () => {
    const depth = 200_000;
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const good = `${JSON.stringify(row(1)).slice(0, -1)},"x":${deep}}`;
    const body = `{"results":[[${deep}],{"eventId":1,"x":${deep}},${good}]}`;
    const server = await serve(answering(200, JSON_HEADERS, body));
    const outcome = await read(server.baseUrl);
    const note = '(nested too deeply to be kept)';
    expect(outcome.kind === 'READ' && outcome.records.map(({ extra }) => extra)).toEqual([{ x: note }]);
    expect(outcome.kind === 'READ' && outcome.quarantined).toEqual([
      { reason: 'NOT_AN_OBJECT', rawJson: JSON.stringify(note) },
      { reason: 'NO_EVENT_ID', rawJson: JSON.stringify(note) },
    ]);
  });

  it('is a programming error with an address that carries a password, and does not tell it', () => {
    const make = () =>
      createUpstream({
        baseUrl: `http://u:${CANARY}@127.0.0.1/v1`,
        tenantId: TENANT,
        username: USERNAME,
        password: CANARY,
        clock: systemClock,
        requestTimeoutMs: 1,
      });
    expect(make).toThrow(/^The upstream's base URL carries a user or password/);
    expect(make).not.toThrow(CANARY);
  });
});

describe('the Date of an answer', () => {
  const DATE = 'Mon, 23 Nov 2026 10:10:20 GMT';

  it('comes with the moments before and after it, on failures too', async () => {
    for (const status of [200, 503]) {
      const server = await serve(answering(status, { ...JSON_HEADERS, date: DATE }, envelope([])));
      const beforeMs = performance.now();
      const { dateSample } = await read(server.baseUrl);
      expect(dateSample?.dateMs).toBe(Date.UTC(2026, 10, 23, 10, 10, 20));
      expect(dateSample?.sentMonotonicMs).toBeGreaterThanOrEqual(beforeMs);
      expect(dateSample?.receivedMonotonicMs).toBeGreaterThan(dateSample?.sentMonotonicMs ?? Infinity);
      expect(dateSample?.receivedMonotonicMs).toBeLessThanOrEqual(performance.now());
    }
  });

  it.each([
    ['out of a cache', { date: DATE, age: '3' }],
    ['without a zone', { date: 'Mon, 23 Nov 2026 10:10:20' }],
    ['in another form', { date: '2026-11-23T10:10:20Z' }],
  ])('is no witness when it is %s', async (_what, headers) => {
    const server = await serve(answering(200, { ...JSON_HEADERS, ...headers }, envelope([])));
    expect(await read(server.baseUrl)).toMatchObject({ kind: 'READ', dateSample: null });
  });

  it('is one when the cache was asked for nothing', async () => {
    const server = await serve(answering(200, { ...JSON_HEADERS, date: DATE, age: '0' }, envelope([])));
    expect((await read(server.baseUrl)).dateSample).not.toBeNull();
  });
});
