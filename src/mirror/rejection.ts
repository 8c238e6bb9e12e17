import type { Appended } from '../poller/index.ts';
import { sqliteCodeOf } from './openError.ts';

/** A failed commit as the log's answer; null when the fault is the program's own and must be thrown on. */
export const asRejection = (thrown: unknown): Extract<Appended, { kind: 'REJECTED' }> | null => {
  const code = sqliteCodeOf(thrown);
  if (code.startsWith('SQLITE_FULL')) {
    return { kind: 'REJECTED', code: 'DISK_FULL', message: 'No space left for the mirror (RTA_DATABASE).' };
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return { kind: 'REJECTED', code: 'READ_ONLY', message: 'The mirror (RTA_DATABASE) became read-only.' };
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return {
      kind: 'REJECTED',
      code: 'IO_ERROR',
      message: 'The mirror (RTA_DATABASE) is locked by another process.',
    };
  }
  if (/^SQLITE_(IOERR|CORRUPT|CANTOPEN|NOTADB|PROTOCOL|NOMEM)/.test(code)) {
    return {
      kind: 'REJECTED',
      code: 'IO_ERROR',
      message: `The mirror (RTA_DATABASE) cannot be written, ${code}: its disk fails, or its file was made read-only.`,
    };
  }
  return null;
};
