import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { printSchema } from 'graphql';
import { createSchema } from '../src/schema/index.ts';
import { missingOptionalPackages } from './completeLock.ts';

/** Everything that is generated and committed, held against what it is generated from. */
const root = join(import.meta.dirname, '..');
const problems: string[] = [];

const published = join(root, 'schema/schema.graphql');
if (
  !existsSync(published) ||
  readFileSync(published, 'utf8').trimEnd() !== printSchema(createSchema()).trimEnd()
) {
  problems.push('schema/schema.graphql is not what the schema prints: npm run codegen');
}

const scratch = mkdtempSync(join(tmpdir(), 'migrations-'));
try {
  cpSync(join(root, 'drizzle'), scratch, { recursive: true });
  const before = readdirSync(scratch, { recursive: true }).length;
  const tables = ['--dialect', 'sqlite', '--schema', './src/mirror/tables.ts'];
  execFileSync('drizzle-kit', ['generate', ...tables, '--out', relative(root, scratch)], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (readdirSync(scratch, { recursive: true }).length !== before) {
    problems.push('drizzle/ lacks a migration for src/mirror/tables.ts: npm run db:generate');
  }
} finally {
  rmSync(scratch, { recursive: true });
}

if (existsSync(join(root, 'codegen.ts'))) {
  try {
    execFileSync('graphql-codegen', ['--config', 'codegen.ts', '--check'], { cwd: root, stdio: 'ignore' });
  } catch {
    problems.push('the types of schema/operations are out of date: npm run codegen');
  }
}

const built = mkdtempSync(join(tmpdir(), 'client-'));
try {
  execFileSync('tsc', ['-p', join(root, 'tsconfig.client.json'), '--outDir', built], { stdio: 'inherit' });
  const committed = join(root, 'web/dist/client');
  const names = new Set([...readdirSync(built), ...(existsSync(committed) ? readdirSync(committed) : [])]);
  const textOf = (folder: string, name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null;
  if ([...names].some((name) => textOf(built, name) !== textOf(committed, name))) {
    problems.push('web/dist/client is not what src/client compiles to: npm run build:client');
  }
} finally {
  rmSync(built, { recursive: true });
}

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

for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
