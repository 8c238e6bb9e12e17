import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';

/** What the server serves, by file name: assets as they were before compression, and pages that name them. */
export type Bundle = { assets: ReadonlyMap<string, Uint8Array>; pages: ReadonlyMap<string, string> };

const web = import.meta.dirname;

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2023',
  write: false,
  // Names are hashes of paths too: the same in every checkout, also where node_modules is a link to another.
  absWorkingDir: join(web, '..'),
  preserveSymlinks: true,
  outdir: join(web, 'dist/assets'),
  publicPath: '/assets',
  entryNames: '[name].[hash]',
  chunkNames: 'chunk.[hash]',
  assetNames: '[name].[hash]',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'file' },
};

/** Bundles the browser's side, in memory. The same sources and packages give the same names and bytes. */
export const bundleWeb = async (): Promise<Bundle> => {
  const assets = new Map<string, Uint8Array>();

  /** Keeps what is built, and tells the public URL of each entry's script or style. */
  const bundle = async (options: BuildOptions): Promise<Map<string, string>> => {
    const { outputFiles = [], metafile } = await build({ ...shared, ...options, metafile: true });
    for (const { path, contents } of outputFiles) assets.set(basename(path), contents);
    const urls = new Map<string, string>();
    for (const [output, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
      if (entryPoint) urls.set(basename(entryPoint), `/assets/${basename(output)}`);
      if (entryPoint && cssBundle) urls.set(`${basename(entryPoint)}:css`, `/assets/${basename(cssBundle)}`);
    }
    return urls;
  };

  const page = (source: string, urls: ReadonlyMap<string, string>, entry: string): string => {
    const url = (name: string): string => {
      const found = urls.get(name);
      if (found === undefined) throw new Error(`${source} names ${name}, which was not built`);
      return found;
    };
    return readFileSync(join(web, source), 'utf8')
      .replace('SCRIPT_URL', url(entry))
      .replace('STYLE_URL', url(`${entry}:css`));
  };

  const workers = await bundle({
    format: 'iife',
    entryPoints: [
      'monaco-editor/esm/vs/editor/editor.worker.js',
      'monaco-editor/esm/vs/language/json/json.worker.js',
      'monaco-graphql/esm/graphql.worker.js',
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
  const floor = await bundle({ entryPoints: [join(web, 'floor/floor.ts')] });
  return {
    assets,
    pages: new Map([
      ['floor.html', page('floor/floor.html', floor, 'floor.ts')],
      ['graphiql.html', page('graphiql/graphiql.html', graphiql, 'graphiql.ts')],
    ]),
  };
};
