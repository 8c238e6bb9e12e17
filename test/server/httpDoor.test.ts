import { createConnection } from 'node:net';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { post } from './support/httpClient.ts';
import { startServer } from './support/startServer.ts';

const json = { 'content-type': 'application/json' };

const codeOf = async (response: Response): Promise<unknown> => {
  // Every error here is a GraphQL one.
  const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return body.errors[0]?.extensions.code;
};

/** What comes back for bytes that no well-behaved client sends. */
const raw = (url: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = createConnection(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('bodies', () => {
  it('over the limit are 413, told by length or found out on the way', async () => {
    const { url } = await startServer({ settings: { bodyLimitBytes: 1_000 } });
    const body = JSON.stringify({ query: `{ hello } #${'x'.repeat(1_000)}` });
    const told = await fetch(`${url}/graphql`, { method: 'POST', headers: json, body });
    expect([told.status, await codeOf(told)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n`;
    const answer = await raw(
      url,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=%7Bhello%7D'],
    ['plain text', 'text/plain', '{"query":"{hello}"}'],
    ['another charset', 'application/json; charset=latin1', '{"query":"{hello}"}'],
    ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ])('as %s are 415', async (_name, type, body) => {
    const { url } = await startServer();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([response.status, await codeOf(response)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it.each([
    ['no JSON', '{'],
    ['a batch', '[{"query":"{hello}"}]'],
    ['no object', '"{hello}"'],
    ['no query', '{}'],
    ['variables as a list', '{"query":"{hello}","variables":[]}'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('with %s are 400', async (_name, body) => {
    const { url } = await startServer();
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: json, body });
    expect([response.status, await codeOf(response)]).toEqual([400, 'MALFORMED_REQUEST']);
  });
});

describe('slow requests', () => {
  it('are cut with 408', async () => {
    const { url } = await startServer({ settings: { requestTimeoutMs: 100 } });
    const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
    const answers = await Promise.all([raw(url, head), raw(url, `${head}Content-Length: 20\r\n\r\n{`)]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('methods and formats', () => {
  it('refuses mutations by GET with 405 and Allow', async () => {
    const { url } = await startServer();
    for (const accept of ['application/json', 'text/event-stream']) {
      const response = await fetch(`${url}/graphql?query=mutation%7Btouch%7D`, { headers: { accept } });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  it('refuses other methods with 405, and what it cannot write with 406', async () => {
    const { url } = await startServer();
    expect((await fetch(`${url}/graphql`, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${url}/livez`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/graphql?query={hello}`, { headers: { accept: 'image/png' } })).status).toBe(
      406,
    );
  });

  it('weighs what a client accepts', async () => {
    const { url } = await startServer();
    const typeFor = async (accept: string) =>
      (await fetch(`${url}/graphql?query={hello}`, { headers: { accept } })).headers.get('content-type');
    expect(await typeFor('application/json;q=0.5, application/graphql-response+json')).toMatch(
      /graphql-response/,
    );
    expect(await typeFor('application/*')).toMatch(/^application\/json/);
    expect(await typeFor('text/event-stream, application/json;q=0.1')).toMatch(/event-stream/);
  });

  it('compresses large answers for clients that take it', async () => {
    const { url } = await startServer();
    const query = getIntrospectionQuery();
    const ask = (encoding: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...json, 'accept-encoding': encoding },
        body: JSON.stringify({ query }),
      });
    const [plain, compressed] = [await ask('identity'), await ask('gzip')];
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('vary')).toContain('Accept-Encoding');
    expect(Number(compressed.headers.get('content-length'))).toBeLessThan(
      Number(plain.headers.get('content-length')) / 2,
    );
    expect(await compressed.text()).toBe(await plain.text());
  });

  it('answers synchronous and asynchronous resolvers alike', async () => {
    const { url } = await startServer();
    expect((await post(url, { query: '{ hello slow }' })).body.data).toEqual({
      hello: 'world',
      slow: 'slow',
    });
  });
});

describe('browsers', () => {
  const settings = { allowedOrigins: ['https://board.example'] };

  it('of foreign pages get nothing, by any method and without any header that tells them apart', async () => {
    const { url } = await startServer({ settings });
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ];
    for (const headers of foreign) {
      const get = await fetch(`${url}/graphql?query={hello}`, { headers });
      expect([get.status, await codeOf(get)]).toEqual([403, 'FORBIDDEN']);
      expect((await post(url, { query: '{ hello }' }, headers)).status).toBe(403);
    }
  });

  it('of allowed pages get CORS headers, preflight included', async () => {
    const { url } = await startServer({ settings });
    const origin = 'https://board.example';
    const preflight = await fetch(`${url}/graphql`, { method: 'OPTIONS', headers: { origin } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    const { headers } = await post(url, { query: '{ hello }' }, { origin });
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('vary')).toBe('Origin');
  });

  it('fooled by a rebound DNS name get nothing while no auth protects the data', async () => {
    const { url } = await startServer();
    const answer = await raw(
      url,
      'GET /graphql?query={hello} HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 403 /);
  });

  it('are told to keep everything to themselves', async () => {
    const { url } = await startServer();
    const { headers } = await fetch(`${url}/`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('pages', () => {
  it('come compressed as the client likes, assets for ever', async () => {
    const { url } = await startServer();
    const html = await (await fetch(`${url}/`)).text();
    const script = /src="(\/assets\/[^"]+)"/.exec(html)?.[1];
    const bodies = [];
    for (const encoding of ['br', 'gzip', 'identity']) {
      const response = await fetch(url + script, { headers: { 'accept-encoding': encoding } });
      expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
      expect(response.headers.get('cache-control')).toContain('immutable');
      bodies.push(await response.text());
    }
    expect(new Set(bodies).size).toBe(1);
  });

  it('that do not exist are 404', async () => {
    const { url } = await startServer();
    for (const path of ['/nothing', '/assets/../../package.json', '/assets/%2e%2e%2fpackage.json', '//x']) {
      expect((await fetch(url + path)).status).toBe(404);
    }
  });
});

describe('probes', () => {
  it('readyz tells why not: nothing covered, credentials refused upstream', async () => {
    const { url, account } = await startServer();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    account.covered = false;
    account.health = 'AUTH_FAILED';
    account.healthMessage = 'Upstream answers 401.';
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ready: false,
      reasons: [
        { tenantId: 'acme', code: 'AUTH_FAILED', message: 'Upstream answers 401.' },
        { tenantId: 'acme', code: 'NO_COVERAGE' },
      ],
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  it('status and metrics tell what goes on', async () => {
    const { url } = await startServer();
    await post(url, { query: '{ hello }' });
    await post(url, { query: '{ nothing }' });
    const status = await (await fetch(`${url}/status`)).json();
    expect(status).toMatchObject({
      activeStreams: 0,
      activeSockets: 0,
      tenants: [{ tenantId: 'acme', lagSeconds: 3 }],
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(
      'rta_operation_duration_seconds_count{field="hello",transport="http",outcome="ok"} 1',
    );
    expect(metrics).toContain(
      'rta_operations_refused_total{code="GRAPHQL_VALIDATION_FAILED",transport="http"} 1',
    );
    expect(metrics).toContain('rta_mirror_lag_seconds{tenant="acme"} 3');
    expect(metrics).toContain('rta_operation_cost_count 1');
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
  });
});
