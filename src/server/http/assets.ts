import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip' | 'identity';

export type Asset = {
  contentType: string;
  /** The same bytes each time: the first request for an encoding makes them, off the main thread, for all that follow. */
  encodedAs(encoding: Encoding): Promise<Buffer>;
};

const decompress = promisify(brotliDecompress);
const compress = promisify(gzip);

const contentTypes: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  woff2: 'font/woff2',
};

export const createAsset = (brotli: Buffer, contentType: string): Asset => {
  let plain: Promise<Buffer> | null = null;
  let gzipped: Promise<Buffer> | null = null;
  return {
    contentType,
    encodedAs(encoding) {
      if (encoding === 'br') return Promise.resolve(brotli);
      if (encoding === 'gzip') {
        // What only gzip is made of is not kept: most who do not take br take gzip.
        gzipped ??= (plain ?? decompress(brotli)).then((bytes) => compress(bytes));
        return gzipped;
      }
      plain ??= decompress(brotli);
      return plain;
    },
  };
};

/** The assets of a folder, which holds them as brotli alone, by their path on the server. */
export const readAssets = (folder: string): Map<string, Asset> => {
  const assets = new Map<string, Asset>();
  if (!existsSync(folder)) return assets;
  for (const file of readdirSync(folder)) {
    const match = /^(.+\.([a-z0-9]+))\.br$/.exec(file);
    if (!match?.[1]) continue;
    const contentType = contentTypes[match[2] ?? ''] ?? 'application/octet-stream';
    assets.set(`/assets/${match[1]}`, createAsset(readFileSync(join(folder, file)), contentType));
  }
  return assets;
};
