import { join } from 'node:path';
import { brotliCompressSync, constants, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createAsset, type Encoding, readAssets } from '../../src/server/http/assets.ts';

const script = Buffer.from('let floor = 1;\n'.repeat(1_000_000));
const brotli = brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });

const bodyOf: Record<Encoding, (encoded: Buffer) => Buffer> = {
  br: (encoded) => (encoded.equals(brotli) ? script : encoded),
  gzip: gunzipSync,
  identity: (encoded) => encoded,
};

describe.each(['br', 'gzip', 'identity'] as const)('an asset as %s', (encoding) => {
  it('is what was built', async () => {
    const encoded = await createAsset(brotli, 'text/javascript').encodedAs(encoding);
    expect(bodyOf[encoding](encoded).equals(script)).toBe(true);
  });

  it('is made once, also for those who ask while it is made', async () => {
    const asset = createAsset(brotli, 'text/javascript');
    const asked = await Promise.all([asset.encodedAs(encoding), asset.encodedAs(encoding)]);
    asked.push(await asset.encodedAs(encoding));
    // Not toBe, which would print what differs in 15 MB.
    expect(asked.every((encoded) => encoded === asked[0])).toBe(true);
  });
});

it.each(['gzip', 'identity'] as const)('holds up nobody while it is made as %s', async (encoding) => {
  let turns = 0;
  const turn = () => {
    turns += 1;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  await createAsset(brotli, 'text/javascript').encodedAs(encoding);
  clearImmediate(next);
  expect(turns).toBeGreaterThan(1);
});

it('the assets of the pages are found by their path, with their types', () => {
  const assets = readAssets(join(import.meta.dirname, '../../web/dist/assets'));
  const types = [...assets].map(([path, { contentType }]) => `${path.split('.').at(-1)} ${contentType}`);
  expect(new Set(types)).toContain('js text/javascript; charset=utf-8');
  expect(types.some((type) => type.includes('octet-stream'))).toBe(false);
});
