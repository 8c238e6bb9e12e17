import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Some registries lack packages of other platforms. npm then leaves them out of the lock file it writes, and `npm ci` refuses
 * that lock file everywhere. `node .ci/completeLock.ts` puts them in, by the exact versions that their parents name; without
 * an integrity, which nobody here can know. To be run after an install that dropped them; checkGenerated.ts finds out.
 */
type Entry = {
  version: string;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

const path = join(import.meta.dirname, '../package-lock.json');

// npm's own format, which the fields above are part of.
const readLock = (): Lock => JSON.parse(readFileSync(path, 'utf8')) as Lock;

/** As Node looks for it: beside its dependant, then in each folder above. */
const isHeld = ({ packages }: Lock, from: string, name: string): boolean => {
  const folders = from.split(/(?=\/node_modules\/)/);
  return folders
    .map((_, depth) => folders.slice(0, depth + 1).join(''))
    .concat('')
    .some((folder) => packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined);
};

/** Optional packages that the lock file names and does not hold: [name, version, of development only]. */
const missingFrom = (lock: Lock): [string, string, boolean][] =>
  Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isHeld(lock, from, name))
      .map(([name, version]): [string, string, boolean] => [name, version, dev]),
  );

export const missingOptionalPackages = (): string[] => missingFrom(readLock()).map(([name]) => name);

/** `@scope/binding-linux-arm-gnueabihf` runs on linux and arm. */
const platformOf = (name: string): Pick<Entry, 'cpu' | 'os' | 'libc'> => {
  const match =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)(.*)$/.exec(
      name,
    );
  if (!match?.[1] || !match[2]) throw new Error(`${name} names no platform`);
  const libc = match[3]?.includes('musl') ? 'musl' : match[3]?.includes('gnu') ? 'glibc' : null;
  return { cpu: [match[2]], os: [match[1]], ...(libc ? { libc: [libc] } : {}) };
};

if (import.meta.main) {
  const lock = readLock();
  for (const [name, version, dev] of missingFrom(lock)) {
    const { cpu, libc, os } = platformOf(name);
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu } : {}),
      ...(dev ? { dev } : {}),
      ...(libc ? { libc } : {}),
      optional: true,
      ...(os ? { os } : {}),
    };
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}
