import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';

/**
 * Builds the browser's side into `web/dist`, which is committed: `npm ci && npm start` needs no build, and the
 * development packages that are in here (React, GraphiQL, Monaco) are not needed to run. Assets are named by their
 * content and kept as brotli only.
 */
const web = import.meta.dirname;
const dist = join(web, 'dist');
const assets = join(dist, 'assets');
const resolve = createRequire(import.meta.url).resolve;

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  write: false,
  outdir: assets,
  publicPath: '/assets',
  entryNames: '[name].[hash]',
  chunkNames: 'chunk.[hash]',
  assetNames: '[name].[hash]',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'file' },
};

const store = (path: string, contents: Uint8Array): number => {
  const brotli = brotliCompressSync(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  writeFileSync(join(assets, `${basename(path)}.br`), brotli);
  return brotli.length;
};

/** Builds, stores, and tells the public URL of each entry's script or style. */
const bundle = async (options: BuildOptions): Promise<Map<string, string>> => {
  const result = await build({ ...shared, ...options, metafile: true });
  const urls = new Map<string, string>();
  let bytes = 0;
  for (const file of result.outputFiles ?? []) bytes += store(file.path, file.contents);
  for (const [output, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) urls.set(basename(entryPoint), `/assets/${basename(output)}`);
    const css = result.metafile.outputs[output]?.cssBundle;
    if (entryPoint && css) urls.set(`${basename(entryPoint)}:css`, `/assets/${basename(css)}`);
  }
  process.stdout.write(`${[...urls.keys()].join(', ')}: ${Math.round(bytes / 1024)} kB\n`);
  return urls;
};

const page = (source: string, target: string, urls: ReadonlyMap<string, string>, entry: string): void => {
  const html = readFileSync(join(web, source), 'utf8')
    .replace('SCRIPT_URL', urls.get(entry) ?? '')
    .replace('STYLE_URL', urls.get(`${entry}:css`) ?? '');
  writeFileSync(join(dist, target), html);
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });

const workers = await bundle({
  format: 'iife',
  entryPoints: [
    resolve('monaco-editor/esm/vs/editor/editor.worker.js'),
    resolve('monaco-editor/esm/vs/language/json/json.worker.js'),
    resolve('monaco-graphql/esm/graphql.worker.js'),
  ],
});
const graphiql = await bundle({
  entryPoints: [join(web, 'graphiql/graphiql.ts')],
  splitting: true,
  define: {
    ...shared.define,
    EDITOR_WORKER_URL: JSON.stringify(workers.get('editor.worker.js')),
    JSON_WORKER_URL: JSON.stringify(workers.get('json.worker.js')),
    GRAPHQL_WORKER_URL: JSON.stringify(workers.get('graphql.worker.js')),
  },
});
page('graphiql/graphiql.html', 'graphiql.html', graphiql, 'graphiql.ts');
const floor = await bundle({ entryPoints: [join(web, 'floor/floor.ts')] });
page('floor/floor.html', 'floor.html', floor, 'floor.ts');
