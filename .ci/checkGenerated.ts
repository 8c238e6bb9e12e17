import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { printSchema } from 'graphql';
import { createSchema } from '../src/schema/index.ts';
import { bundleWeb } from '../web/bundle.ts';
import { missingOptionalPackages } from './completeLock.ts';
import { differences, type Files, readFolder } from './folders.ts';

/** Everything that is generated and committed, held against what it is generated from. */
const root = join(import.meta.dirname, '..');

/** What a command said when it failed; null: it did not. Where an exit code is not enough, `success` is what it then says. */
const failureOf = (command: string, args: readonly string[], success = ''): string | null => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    // One that asks a question, as drizzle-kit does of a renamed column, must not wait for an answer.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0 && stdout.includes(success)) return null;
  return [`${command} ${args.join(' ')} failed`, stdout, stderr, error?.message].filter(Boolean).join('\n');
};

const inScratch = (fill: (folder: string) => string[]): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));
  try {
    return fill(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const problemOf = (committed: Files, made: Files, what: string, remedy: string): string[] => {
  const differing = differences(committed, made);
  return differing.length === 0 ? [] : [`${what}: ${remedy}`, ...differing.map((line) => `  ${line}`)];
};

const checkSchema = (): string[] => {
  const published = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
  return published.trimEnd() === printSchema(createSchema()).trimEnd()
    ? []
    : ['schema/schema.graphql is not what the schema prints: npm run codegen'];
};

const checkMigrations = (): string[] =>
  inScratch((scratch) => {
    cpSync(join(root, 'drizzle'), scratch, { recursive: true });
    const tables = ['--dialect', 'sqlite', '--schema', './src/mirror/tables.ts'];
    // drizzle-kit ends with 0 also when it could not read the tables.
    const failure = failureOf(
      'drizzle-kit',
      ['generate', ...tables, '--out', relative(root, scratch)],
      'No schema changes',
    );
    const problems = problemOf(
      readFolder(join(root, 'drizzle')),
      readFolder(scratch),
      'drizzle/ is not what src/mirror/tables.ts asks for',
      'npm run db:generate',
    );
    return problems.length === 0 && failure ? [failure] : problems;
  });

const checkOperationTypes = (): string[] => {
  const failure = failureOf('graphql-codegen', ['--config', 'codegen.ts', '--check']);
  return failure === null
    ? []
    : [`the types of schema/operations are out of date or cannot be made: npm run codegen\n${failure}`];
};

const checkClient = (): string[] =>
  inScratch((scratch) => {
    const failure = failureOf('tsc', ['-p', join(root, 'tsconfig.client.json'), '--outDir', scratch]);
    if (failure) return [failure];
    return problemOf(
      readFolder(join(root, 'web/dist/client')),
      readFolder(scratch),
      'web/dist/client is not what src/client compiles to',
      'npm run build:client',
    );
  });

/** Compared before compression, which takes five times as long as all the rest and may change with Node. */
const checkWeb = async (): Promise<string[]> => {
  const committed = new Map<string, Uint8Array>();
  for (const [path, contents] of readFolder(join(root, 'web/dist'))) {
    if (path.startsWith('client/')) continue;
    if (path.endsWith('.br')) committed.set(path.slice(0, -'.br'.length), brotliDecompressSync(contents));
    else committed.set(path, contents);
  }
  const { assets, pages } = await bundleWeb();
  const made = new Map<string, Uint8Array>();
  for (const [name, contents] of assets) made.set(join('assets', name), contents);
  for (const [name, html] of pages) made.set(name, Buffer.from(html));
  return problemOf(committed, made, 'web/dist is not what web bundles to', 'npm run build:web');
};

const checkLock = (): string[] => {
  const problems: string[] = [];
  // npm must ask whichever registry this machine is set to.
  if (/"resolved":/.test(readFileSync(join(root, 'package-lock.json'), 'utf8'))) {
    problems.push(
      'package-lock.json names download addresses: npm install, with the .npmrc of this repository',
    );
  }
  const missing = missingOptionalPackages();
  if (missing.length > 0) {
    problems.push(
      `package-lock.json lacks ${missing.length} packages of other platforms: node .ci/completeLock.ts`,
    );
  }
  return problems;
};

const problems = [
  ...checkSchema(),
  ...checkMigrations(),
  ...checkOperationTypes(),
  ...checkClient(),
  ...(await checkWeb()),
  ...checkLock(),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
