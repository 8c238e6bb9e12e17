import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Runs a system command; answers whether it worked. */
const works = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A disk of its own, of so many MiB, that goes when the test does; null where this process may not mount one. */
export const mountSmallDisk = (mebibytes: number): string | null => {
  const folder = newFolder();
  if (!works('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder)) return null;
  onTestFinished(() => {
    works('umount', '-l', folder);
  });
  return folder;
};

/** What to skip for, when a disk cannot be mounted. */
export const mayMount = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-disk-'));
  const mounted = works('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  if (mounted) works('umount', '-l', folder);
  rmSync(folder, { recursive: true, force: true });
  return mounted;
};

/**
 * Makes files read-only, or writable again, for processes that have them open already: what permissions and mounts do not
 * reach, the attribute `immutable` does.
 */
export const setReadOnly = (files: readonly string[], readOnly: boolean): boolean =>
  works('chattr', readOnly ? '+i' : '-i', ...files);

/** Whether that works for this process and the file system of temporary files. */
export const maySetReadOnly = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'rta-disk-'));
  const file = join(folder, 'probe');
  const descriptor = openSync(file, 'w');
  try {
    if (!setReadOnly([file], true)) return false;
    writeSync(descriptor, 'x');
    return false;
  } catch {
    return true;
  } finally {
    closeSync(descriptor);
    setReadOnly([file], false);
    rmSync(folder, { recursive: true, force: true });
  }
};
