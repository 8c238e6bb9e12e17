import { createConnection } from 'node:net';
import { createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/clock/manualClock.ts';
import { collectGarbage } from '../collectGarbage.ts';
import {
  answering,
  CANARY,
  envelope,
  JSON_HEADERS,
  read,
  row,
  rows,
  serve,
  serveBytes,
  USERNAME,
  upstreamAt,
  WINDOW,
} from './faultServer.ts';

describe('a refusal', () => {
  it.each([
    [400, 'BAD_REQUEST'],
    [401, 'UNAUTHORIZED'],
    [403, 'UNAUTHORIZED'],
    [404, 'NOT_FOUND'],
    [429, 'RATE_LIMITED'],
    [500, 'SERVER_ERROR'],
    [502, 'SERVER_ERROR'],
    [503, 'SERVER_ERROR'],
    [504, 'SERVER_ERROR'],
    [204, 'UNREADABLE'],
    [206, 'UNREADABLE'],
    [410, 'UNREADABLE'],
  ])('%i is %s, whatever its body says', async (status, code) => {
    const server = await serve(answering(status, JSON_HEADERS, status === 204 ? '' : envelope(rows(1))));
    const outcome = await read(server.baseUrl);
    expect(outcome).toMatchObject({ kind: 'FAILED', code, status, retryAfterMs: null });
    expect(outcome.kind === 'FAILED' && outcome.message).toContain(
      `127.0.0.1:${server.port}: HTTP ${status}`,
    );
  });

  it.each([301, 302, 303, 307, 308])(
    '%i is not followed: the credentials go nowhere else',
    async (status) => {
      const elsewhere = await serve(answering(200, JSON_HEADERS, envelope(rows(1))));
      const server = await serve(answering(status, { location: `${elsewhere.baseUrl}/stolen` }));
      expect(await read(server.baseUrl)).toMatchObject({ kind: 'FAILED', code: 'UNREADABLE', status });
      expect(elsewhere.requests).toEqual([]);
    },
  );

  it.each([
    ['seconds', '7', 7_000],
    ['a date, by the server’s own clock', 'Mon, 23 Nov 2026 10:10:50 GMT', 30_000],
    ['a date gone by', 'Mon, 23 Nov 2026 10:00:00 GMT', 0],
    ['neither', 'soon', null],
    ['a negative number', '-5', null],
    ['a date without a zone', 'Mon, 23 Nov 2026 10:10:50', null],
  ])('tells how long to wait when Retry-After is %s', async (_what, retryAfter, expectedMs) => {
    for (const status of [429, 503]) {
      const headers = { date: 'Mon, 23 Nov 2026 10:10:20 GMT', 'retry-after': retryAfter };
      const server = await serve(answering(status, headers));
      expect(await read(server.baseUrl)).toMatchObject({ status, retryAfterMs: expectedMs });
    }
  });

  it('takes a date in Retry-After by the local clock when there is no Date', async () => {
    const server = await serve((_request, response) => {
      response.sendDate = false;
      response.writeHead(429, { 'retry-after': 'Mon, 23 Nov 2026 10:10:50 GMT' }).end();
    });
    const clock = createManualClock(Date.UTC(2026, 10, 23, 10, 10, 40));
    expect(await read(server.baseUrl, { clock })).toMatchObject({ retryAfterMs: 10_000, dateSample: null });
  });
});

describe('an answer that is something else', () => {
  it.each([
    ['a sign-in page', 'text/html; charset=utf-8'],
    ['plain text', 'text/plain'],
    ['JSON lines', 'application/x-ndjson'],
    ['something with json in its name', 'application/jsonish'],
  ])('is unreadable when it is %s, even with a right body', async (_what, contentType) => {
    const server = await serve(answering(200, { 'content-type': contentType }, envelope(rows(1))));
    expect(await read(server.baseUrl)).toMatchObject({ code: 'UNREADABLE', status: 200 });
  });

  it('is unreadable without a content type, or in an encoding that was not asked for', async () => {
    const bare = await serve(answering(200, {}, envelope(rows(1))));
    expect(await read(bare.baseUrl)).toMatchObject({ code: 'UNREADABLE' });
    const odd = await serve(answering(200, { ...JSON_HEADERS, 'content-encoding': 'br' }, envelope(rows(1))));
    expect(await read(odd.baseUrl)).toMatchObject({ code: 'UNREADABLE' });
  });
});

describe('a body that is cut', () => {
  const plain = Buffer.from(envelope([row(0), row(1)]));
  const packed = gzipSync(plain);
  const head = (headers: Record<string, string | number>) =>
    `HTTP/1.1 200 OK\r\n${Object.entries({ ...JSON_HEADERS, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`;

  const readAllCuts = async (
    body: Buffer,
    headersOf: (cutBytes: number) => Record<string, string | number>,
  ) => {
    let cutBytes = 0;
    const server = await serveBytes((socket) => {
      socket.end(Buffer.concat([Buffer.from(head(headersOf(cutBytes))), body.subarray(0, cutBytes)]));
    });
    const upstream = upstreamAt(server.baseUrl);
    const wrong: unknown[] = [];
    for (; cutBytes < body.length; cutBytes++) {
      const outcome = await upstream.readWindow(WINDOW, new AbortController().signal);
      if (outcome.kind !== 'FAILED' || outcome.code !== 'UNREADABLE') wrong.push({ cutBytes, outcome });
    }
    const whole = await upstream.readWindow(WINDOW, new AbortController().signal);
    return { wrong, whole };
  };

  it.each([
    ['plain, its length announced', plain, () => ({ 'content-length': plain.length })],
    ['plain, its length a lie', plain, (cutBytes: number) => ({ 'content-length': cutBytes })],
    ['plain, ended by hanging up', plain, () => ({ connection: 'close' })],
    [
      'packed, its length announced',
      packed,
      () => ({ 'content-encoding': 'gzip', 'content-length': packed.length }),
    ],
    [
      'packed, its length a lie',
      packed,
      (cutBytes: number) => ({ 'content-encoding': 'gzip', 'content-length': cutBytes }),
    ],
    ['packed, ended by hanging up', packed, () => ({ 'content-encoding': 'gzip', connection: 'close' })],
  ])('is read at no byte but the last: %s', async (_what, body, headersOf) => {
    const { wrong, whole } = await readAllCuts(body, headersOf);
    expect(wrong).toEqual([]);
    expect(whole).toMatchObject({ kind: 'READ' });
  });

  it('is unreadable when its chunks stop without an end', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, JSON_HEADERS);
      response.write(plain, () => response.socket?.end());
    });
    expect(await read(server.baseUrl)).toMatchObject({ code: 'UNREADABLE', status: 200 });
  });

  it('is unreadable when a byte in it was turned', async () => {
    const damaged = Buffer.from(packed);
    const middle = damaged.length - 6;
    damaged[middle] = (damaged[middle] ?? 0) ^ 0xff;
    const server = await serve(answering(200, { ...JSON_HEADERS, 'content-encoding': 'gzip' }, damaged));
    expect(await read(server.baseUrl)).toMatchObject({ code: 'UNREADABLE' });
  });
});

describe('a body that is too large', () => {
  const MIB = 1024 * 1024;

  it('is given up at the cap when packed small, in bounded memory, and the connection is dropped', async () => {
    let dropped = false;
    const server = await serve((_request, response) => {
      response.writeHead(200, { ...JSON_HEADERS, 'content-encoding': 'gzip' });
      response.on('close', () => {
        dropped = true;
      });
      const gzip = createGzip();
      gzip.pipe(response);
      gzip.write('{"results":["');
      const block = Buffer.alloc(MIB, 0x61);
      let left = 400;
      const more = () => {
        while (left > 0 && !response.destroyed) {
          left -= 1;
          if (!gzip.write(block)) return void gzip.once('drain', more);
        }
        gzip.end('"]}');
      };
      more();
    });
    collectGarbage();
    const rssBefore = process.memoryUsage.rss();
    const outcome = await read(server.baseUrl, { maxBodyBytes: 8 * MIB, requestTimeoutMs: 15_000 });
    const grown = process.memoryUsage.rss() - rssBefore;
    expect(outcome).toMatchObject({ kind: 'FAILED', code: 'TOO_LARGE', status: 200 });
    // Read whole it would be 400 in pieces and 400 more in one; the server's own gzip, in this process, takes some too.
    expect(grown).toBeLessThan(200 * MIB);
    await expect.poll(() => dropped).toBe(true);
  });

  it('is not read at all when it says so itself', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { ...JSON_HEADERS, 'content-length': 64 * MIB });
      response.write('{');
    });
    expect(await read(server.baseUrl)).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('is measured to the byte', async () => {
    const body = envelope(rows(2));
    const server = await serve(
      answering(200, { ...JSON_HEADERS, 'content-encoding': 'gzip' }, gzipSync(body)),
    );
    expect(await read(server.baseUrl, { maxBodyBytes: body.length })).toMatchObject({ kind: 'READ' });
    expect(await read(server.baseUrl, { maxBodyBytes: body.length - 1 })).toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

describe('a server that keeps us waiting', () => {
  it.each([
    ['never answers', (): void => undefined],
    [
      'sends a byte now and then',
      (_request: unknown, response: import('node:http').ServerResponse): void => {
        response.writeHead(200, JSON_HEADERS);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('is given up at the deadline of the whole exchange when it %s', async (_what, answer) => {
    const server = await serve(answer);
    const startedMs = performance.now();
    const outcome = await read(server.baseUrl, { requestTimeoutMs: 300 });
    expect(outcome).toMatchObject({ kind: 'FAILED', code: 'TIMED_OUT' });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  it('is left at once when the read is stopped, and not asked when it was stopped before', async () => {
    const stop = new AbortController();
    const server = await serve(() => stop.abort());
    const upstream = upstreamAt(server.baseUrl);
    expect(await upstream.readWindow(WINDOW, stop.signal)).toMatchObject({ code: 'ABORTED', status: null });
    expect(await upstream.readWindow(WINDOW, stop.signal)).toMatchObject({ code: 'ABORTED' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a server that is not there', () => {
  it('is unreachable when it resets the connection', async () => {
    const server = await serveBytes((socket) => socket.resetAndDestroy());
    expect(await read(server.baseUrl)).toMatchObject({ code: 'UNREACHABLE', status: null });
  });

  it('is unreachable when it hangs up, or speaks no HTTP', async () => {
    const silent = await serveBytes((socket) => socket.end());
    expect(await read(silent.baseUrl)).toMatchObject({ code: 'UNREACHABLE' });
    const other = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    expect(await read(other.baseUrl)).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('is unreachable when nothing listens, or when it speaks no TLS', async () => {
    const server = await serveBytes((socket) => socket.end('no TLS here'));
    const tls = await read(server.baseUrl.replace('http:', 'https:'));
    expect(tls).toMatchObject({ code: 'UNREACHABLE', status: null });
    const port = await freePort();
    const refused = await read(`http://127.0.0.1:${port}/v1`);
    expect(refused).toMatchObject({ code: 'UNREACHABLE', status: null, dateSample: null });
    expect(refused.kind === 'FAILED' && refused.message).toContain('ECONNREFUSED');
  });

  it('is unreadable when it resets in the middle of the body', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, JSON_HEADERS);
      response.write('{"results":[', () => response.socket?.resetAndDestroy());
    });
    expect(await read(server.baseUrl)).toMatchObject({ code: 'UNREADABLE', status: 200 });
  });
});

/** One that was open a moment ago. */
const freePort = async (): Promise<number> => {
  const server = await serveBytes((socket) => socket.end());
  const socket = createConnection(server.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  const port = socket.localPort ?? 0;
  await new Promise((resolve) => socket.once('close', resolve).destroy());
  return port;
};

describe('the password', () => {
  const encoded = Buffer.from(`${USERNAME}:${CANARY}`).toString('base64');
  const echoes = [CANARY, encoded, encodeURIComponent(CANARY)];

  it('is in no message, though the server echoes it wherever it can', async () => {
    const echo = encodeURIComponent(CANARY);
    const headers = {
      'retry-after': encoded,
      location: `http://u:${echo}@127.0.0.1/`,
      'www-authenticate': encoded,
    };
    const body = JSON.stringify({ authorization: encoded, password: CANARY });
    const outcomes = [];
    for (const status of [200, 302, 400, 401, 403, 404, 418, 429, 500, 503]) {
      const server = await serve(answering(status, { ...JSON_HEADERS, ...headers }, body));
      outcomes.push(await read(server.baseUrl));
    }
    for (const odd of [
      { 'content-type': `text/${encoded}` },
      { ...JSON_HEADERS, 'content-encoding': encoded },
      { ...JSON_HEADERS, age: encoded, date: encoded },
    ]) {
      const server = await serve(answering(200, odd, body));
      outcomes.push(await read(server.baseUrl));
    }
    const torn = await serve(answering(200, JSON_HEADERS, `{"password": ${CANARY}`));
    outcomes.push(await read(torn.baseUrl));
    const foreign = await serve(answering(200, JSON_HEADERS, envelope([], { tenantId: CANARY })));
    outcomes.push(await read(foreign.baseUrl));
    const dead = await serveBytes((socket) => socket.end(`HTTP/1.1 ${CANARY}\r\n\r\n`));
    outcomes.push(await read(dead.baseUrl));

    expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'FAILED'));
    const told = JSON.stringify(outcomes);
    for (const echoed of echoes) expect(told).not.toContain(echoed);
  });
});
