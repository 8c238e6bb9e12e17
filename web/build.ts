import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { bundleWeb } from './bundle.ts';

/**
 * Builds the browser's side into `web/dist`, which is committed: `npm ci && npm start` needs no build, and the
 * development packages that are in here (React, GraphiQL, Monaco) are not needed to run. Assets are named by their
 * content and kept as brotli only.
 */
const dist = join(import.meta.dirname, 'dist');
const { assets, pages } = await bundleWeb();

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'assets'), { recursive: true });
for (const [name, html] of pages) writeFileSync(join(dist, name), html);

let storedBytes = 0;
for (const [name, contents] of assets) {
  const brotli = brotliCompressSync(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(dist, 'assets', `${name}.br`), brotli);
  storedBytes += brotli.length;
}
process.stdout.write(`${assets.size} assets: ${Math.round(storedBytes / 1024)} kB\n`);
