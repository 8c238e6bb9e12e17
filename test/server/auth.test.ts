import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { post, postForEvents } from './support/httpClient.ts';
import { startIssuer } from './support/issuer.ts';
import { openSocket } from './support/socketClient.ts';
import { startServer } from './support/startServer.ts';

const keyEntry = (name: string, key: string, tenantId: string | null = null) => ({
  name,
  sha256hex: createHash('sha256').update(key).digest('hex'),
  tenantId,
});

const apiKeys = [keyEntry('wallboard', 'right-key'), keyEntry('acme-only', 'acme-key', 'acme')];
const auth = { apiKeys, jwt: null };

const inSeconds = (seconds: number) => Date.now() / 1000 + seconds;

const codeOf = (result: { errors?: { extensions?: Record<string, unknown> }[] } | undefined) =>
  result?.errors?.[0]?.extensions?.['code'];

describe('API keys', () => {
  it.each([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': 'wrong-key' }],
    ['a wrong bearer', { authorization: 'Bearer wrong-key' }],
    ['another scheme', { authorization: 'Basic cmlnaHQta2V5' }],
  ])(
    '%s is UNAUTHENTICATED, before the operation is read, introspection included',
    async (_name, headers) => {
      const { url } = await startServer({ settings: { auth } });
      for (const query of ['{ hello', '{ __schema { queryType { name } } }']) {
        const { status, body, headers: answered } = await post(url, { query }, headers);
        expect(status).toBe(401);
        expect(codeOf(body)).toBe('UNAUTHENTICATED');
        expect(answered.get('www-authenticate')).toBe('Bearer');
      }
      expect((await postForEvents(url, { query: '{ hello }' }, headers)).status).toBe(401);
    },
  );

  it.each([
    ['x-api-key', { 'x-api-key': 'right-key' }],
    ['bearer', { authorization: 'Bearer right-key' }],
  ])('a right key by %s opens', async (_name, headers) => {
    const { url } = await startServer({ settings: { auth } });
    const { body } = await post(url, { query: '{ viewer }' }, headers);
    expect(body.data).toEqual({ viewer: '{"kind":"API_KEY","name":"wallboard"}' });
  });

  it('opens sockets by header, `apiKey` or `authorization`', async () => {
    const { url } = await startServer({ settings: { auth } });
    await (await openSocket(url, { headers: { 'x-api-key': 'right-key' } })).init();
    await (await openSocket(url)).init({ apiKey: 'right-key' });
    await (await openSocket(url)).init({ authorization: 'Bearer right-key' });
    const wrong = await openSocket(url);
    wrong.send({ type: 'connection_init', payload: { apiKey: 'wrong-key' } });
    expect((await wrong.closed).code).toBe(4401);
  });

  it('guards status and metrics, not the probes', async () => {
    const { url } = await startServer({ settings: { auth } });
    for (const path of ['/status', '/metrics']) {
      expect((await fetch(url + path)).status).toBe(401);
      expect((await fetch(url + path, { headers: { 'x-api-key': 'right-key' } })).status).toBe(200);
    }
    for (const path of ['/livez', '/readyz']) expect((await fetch(url + path)).status).toBe(200);
  });
});

describe('tenants', () => {
  const tenantIds = ['acme', 'globex'];

  it('see nothing of each other in status and metrics', async () => {
    const { url } = await startServer({ tenantIds, settings: { auth } });
    for (const path of ['/status', '/metrics']) {
      expect((await fetch(url + path, { headers: { 'x-api-key': 'acme-key' } })).status).toBe(403);
      expect((await fetch(url + path, { headers: { 'x-api-key': 'right-key' } })).status).toBe(200);
    }
  });

  it('are chosen by header when there are several; not saying which is an error', async () => {
    const { url } = await startServer({ tenantIds });
    expect(codeOf((await post(url, { query: '{ tenant }' })).body)).toBe('BAD_USER_INPUT');
    const { body } = await post(url, { query: '{ tenant }' }, { 'x-tenant-id': 'globex' });
    expect(body.data).toEqual({ tenant: 'globex' });
    const client = await openSocket(url);
    await client.init({ tenantId: 'globex' });
    client.subscribe('1', '{ tenant }');
    expect((await client.next((message) => message.type === 'next')).payload).toMatchObject({
      data: { tenant: 'globex' },
    });
  });

  it('are bound to a key that names one, whatever the header says', async () => {
    const { url } = await startServer({ tenantIds, settings: { auth } });
    const own = await post(url, { query: '{ tenant }' }, { 'x-api-key': 'acme-key' });
    expect(own.body.data).toEqual({ tenant: 'acme' });
    const other = await post(
      url,
      { query: '{ tenant }' },
      { 'x-api-key': 'acme-key', 'x-tenant-id': 'globex' },
    );
    expect([other.status, codeOf(other.body)]).toEqual([403, 'FORBIDDEN']);
    const unknown = await post(
      url,
      { query: '{ tenant }' },
      { 'x-api-key': 'right-key', 'x-tenant-id': 'nobody' },
    );
    expect([unknown.status, codeOf(unknown.body)]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('JWT', () => {
  it('is verified against the key set, and binds viewer and tenant', async () => {
    const { sign, jwt } = await startIssuer();
    const { url } = await startServer({
      tenantIds: ['acme', 'globex'],
      settings: { auth: { apiKeys: [], jwt } },
    });
    const token = await sign({ tenant_id: 'globex' }, inSeconds(60));
    const { body } = await post(url, { query: '{ viewer tenant }' }, { authorization: `Bearer ${token}` });
    expect(body.data).toMatchObject({ tenant: 'globex' });
    expect(body.data?.['viewer']).toContain('"subject":"sam"');
  });

  it.each([
    ['a number', { tenant_id: 7 }],
    ['a list', { tenant_id: ['acme', 'globex'] }],
    ['null', { tenant_id: null, tenant: 'acme' }],
    ['empty', { tenant: '' }],
  ])('that names its tenant by what is no name, %s, opens nothing', async (_what, claims) => {
    const { sign, jwt } = await startIssuer();
    for (const tenantIds of [['acme'], ['acme', 'globex']]) {
      const { url } = await startServer({ tenantIds, settings: { auth: { apiKeys: [], jwt } } });
      const headers = {
        authorization: `Bearer ${await sign(claims, inSeconds(60))}`,
        'x-tenant-id': 'acme',
      };
      const { status, body } = await post(url, { query: '{ tenant }' }, headers);
      expect([status, codeOf(body)]).toEqual([403, 'FORBIDDEN']);
      expect((await fetch(`${url}/status`, { headers })).status).toBe(403);
    }
  });

  it('that names no tenant opens the only one, and none of several', async () => {
    const { sign, jwt } = await startIssuer();
    const headers = { authorization: `Bearer ${await sign({}, inSeconds(60))}`, 'x-tenant-id': 'acme' };
    const settings = { auth: { apiKeys: [], jwt } };
    const one = await startServer({ settings });
    expect((await post(one.url, { query: '{ tenant }' }, headers)).body.data).toEqual({ tenant: 'acme' });
    const two = await startServer({ tenantIds: ['acme', 'globex'], settings });
    const { status, body } = await post(two.url, { query: '{ tenant }' }, headers);
    expect([status, codeOf(body)]).toEqual([403, 'FORBIDDEN']);
    expect((await fetch(`${two.url}/status`, { headers })).status).toBe(403);
    const client = await openSocket(two.url);
    client.send({
      type: 'connection_init',
      payload: { authorization: headers.authorization, tenantId: 'acme' },
    });
    expect((await client.closed).code).toBe(4403);
  });

  it('is refused when expired, from another issuer, or broken', async () => {
    const { sign, jwt } = await startIssuer();
    const { url } = await startServer({ settings: { auth: { apiKeys: [], jwt } } });
    const ask = async (token: string) => {
      const { status, body } = await post(url, { query: '{ hello }' }, { authorization: `Bearer ${token}` });
      return [status, codeOf(body)];
    };
    expect(await ask(await sign({}, inSeconds(-10)))).toEqual([401, 'TOKEN_EXPIRED']);
    expect(await ask(await sign({}, inSeconds(60), 'https://other.example'))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(await ask(`${(await sign({}, inSeconds(60))).slice(0, -6)}AAAAAA`)).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(await ask('no.jwt.at-all')).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('is NOT_READY when the key set cannot be read', async () => {
    const { sign } = await startIssuer();
    const jwt = { jwksUrl: 'http://127.0.0.1:9/jwks', issuer: null, audience: null };
    const { url, logged } = await startServer({ settings: { auth: { apiKeys: [], jwt } } });
    const { status, body } = await post(
      url,
      { query: '{ hello }' },
      { authorization: `Bearer ${await sign({}, inSeconds(60))}` },
    );
    expect([status, codeOf(body)]).toEqual([503, 'NOT_READY']);
    expect(logged.some(({ level }) => level === 'error')).toBe(true);
  });

  it('ends streams with TOKEN_EXPIRED when it ends, then the socket with 4403', async () => {
    const { sign, jwt } = await startIssuer();
    const { url } = await startServer({ settings: { auth: { apiKeys: [], jwt } } });
    const client = await openSocket(url);
    await client.init({ authorization: `Bearer ${await sign({}, inSeconds(2))}` });
    client.subscribe('1', 'subscription { ticks(count: 0) { n } }');
    client.subscribe('2', 'subscription { ticks(count: 0) { n } }');
    expect((await client.closed).code).toBe(4403);
    for (const id of ['1', '2']) {
      expect(client.resultsOf(id).map(codeOf)).toEqual(['TOKEN_EXPIRED']);
      expect(client.messages.filter((message) => message.id === id).map(({ type }) => type)).toEqual([
        'next',
        'complete',
      ]);
    }
  });
});
