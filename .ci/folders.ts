import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Contents by name, relative to their folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Every file below a folder; none where there is no folder. */
export const readFolder = (folder: string): Files => {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
};

/** One line a file that is not the same on both sides. */
export const differences = (committed: Files, made: Files): string[] =>
  [...new Set([...committed.keys(), ...made.keys()])].sort().flatMap((name) => {
    const [before, now] = [committed.get(name), made.get(name)];
    if (!before) return `${name} is not committed`;
    if (!now) return `${name} is not made any more`;
    return Buffer.compare(before, now) === 0 ? [] : `${name} differs`;
  });
