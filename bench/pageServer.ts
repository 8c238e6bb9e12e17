/** Upstream's page over `busyFloor`, in a process of its own; an answer once made is kept, so that only its sending costs. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { WINDOW_MS, windowRecords } from './busyFloor.ts';
import { vendorPage } from './vendorPage.ts';

const bodies = new Map<string, Buffer>();

const bodyOf = (tenantId: string, fromMs: number, toMs: number): Buffer => {
  const key = `${tenantId} ${fromMs} ${toMs}`;
  const made = bodies.get(key);
  if (made) return made;
  const firstMs = Math.floor(fromMs / WINDOW_MS) * WINDOW_MS;
  const records = [];
  for (let windowMs = firstMs; windowMs < toMs; windowMs += WINDOW_MS) {
    records.push(...windowRecords(windowMs).filter(({ startMs }) => startMs >= fromMs && startMs < toMs));
  }
  const body = gzipSync(vendorPage(tenantId, records), { level: 1 });
  bodies.set(key, body);
  return body;
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstream');
  const tenantId = pathname.split('/').at(-3) ?? '';
  const fromMs = Date.parse(searchParams.get('start') ?? '');
  const toMs = Date.parse(searchParams.get('end') ?? '');
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(bodyOf(tenantId, fromMs, toMs));
});
server.listen(0, '127.0.0.1', () => {
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  process.send?.(port);
});
process.once('disconnect', () => process.exit());
