import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenPromises } from './schemaDiff.ts';

/** The published schema against the last released one. */
const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

const broken = await brokenPromises(
  read('schema/released.graphql'),
  read('schema/schema.graphql'),
  read('CHANGELOG.md'),
);
for (const promise of broken) process.stderr.write(`breaking: ${promise}\n`);
if (broken.length > 0) {
  process.stderr.write(
    'Clients of the last release break. Keep what they use, or own up to it in the newest section of CHANGELOG.md, a line each: - Breaking: `Type.field` why, and what to use instead\n',
  );
  process.exitCode = 1;
}
