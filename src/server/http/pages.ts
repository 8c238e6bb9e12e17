import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { clientError } from '../../schema/errors.ts';
import { send, sendErrors } from './answer.ts';
import { type Asset, type Encoding, readAssets } from './assets.ts';

export type Pages = {
  has(path: string): boolean;
  send(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    headers: OutgoingHttpHeaders,
  ): Promise<void>;
};

export type ExampleDocument = {
  name: string;
  text: string;
  /** JSON text; null: none. */
  variables: string | null;
};

/** What the pages' scripts are told. */
export type PageData = { examples: readonly ExampleDocument[]; needsCredentials: boolean };

// Everything from here and nothing from elsewhere. Monaco and React set styles on elements, which CSP calls inline.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** JSON inside a `<script type="application/json">`: only `<` could end it early. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const readIfThere = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** The documents `name.graphql` of a folder with their `name.variables.json`, by name: GraphiQL's tabs. */
export const readExamples = (folder: string | null): ExampleDocument[] => {
  if (folder === null || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.graphql'.length);
      const variables = readIfThere(join(folder, `${name}.variables.json`));
      return { name, text: readFileSync(join(folder, file), 'utf8'), variables };
    });
};

/** The smallest that is accepted. */
const encodingFor = (request: IncomingMessage): Encoding => {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : 'identity';
};

/**
 * The browser's side, built beforehand into `distFolder`: pages that name assets by their hash, and the assets,
 * brotli-compressed once and for ever.
 */
export const createPages = (distFolder: string, data: PageData): Pages => {
  const assets = readAssets(join(distFolder, 'assets'));
  const pages = new Map<string, string>();
  for (const [path, file] of [
    ['/', 'floor.html'],
    ['/graphql', 'graphiql.html'],
  ] as const) {
    const source = join(distFolder, file);
    if (existsSync(source))
      pages.set(
        path,
        readFileSync(source, 'utf8').replace('"PAGE_DATA"', () => embedded(data)),
      );
  }

  const sendAsset = async (
    asset: Asset,
    encoding: Encoding,
    response: ServerResponse,
    common: OutgoingHttpHeaders,
  ): Promise<void> => {
    const body = await asset.encodedAs(encoding);
    const headers = {
      ...common,
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
      // A worker runs under the policy of its own response.
      'content-security-policy': contentSecurityPolicy,
    };
    send(
      response,
      200,
      encoding === 'identity' ? headers : { ...headers, 'content-encoding': encoding },
      body,
    );
  };

  return {
    has: (path) => pages.has(path) || assets.has(path),
    async send(path, request, response, headers) {
      const asset = assets.get(path);
      if (asset) return sendAsset(asset, encodingFor(request), response, headers);
      const page = pages.get(path);
      if (page === undefined) {
        return sendErrors(response, 404, headers, [
          clientError('MALFORMED_REQUEST', 'The pages are not built: npm run build:web.'),
        ]);
      }
      send(
        response,
        200,
        {
          ...headers,
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': contentSecurityPolicy,
        },
        page,
      );
    },
  };
};
