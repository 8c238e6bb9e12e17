/** Why a mirror's file cannot be used. */
export type MirrorOpenCode =
  | 'NOT_A_DATABASE' // no SQLite file, or another program's
  | 'CORRUPT'
  | 'NEWER_SCHEMA' // written by a later version of the gateway
  | 'WRONG_TENANT'
  | 'READ_ONLY'
  | 'CANNOT_OPEN' // no such folder, no permission, not ready yet
  | 'LOCKED'; // another writer has it

/** Thrown by `openWriter` and `openReaderDatabase`: one line that names RTA_DATABASE and says what to do. */
export class MirrorOpenError extends Error {
  readonly code: MirrorOpenCode;
  readonly file: string;

  constructor(code: MirrorOpenCode, file: string, explanation: string, cause?: unknown) {
    super(`RTA_DATABASE ${file}: ${explanation}`, cause === undefined ? undefined : { cause });
    this.name = 'MirrorOpenError';
    this.code = code;
    this.file = file;
  }
}

const REBUILD = 'move it away and start again: the last three days are read anew';

/** What went wrong while a mirror was opened, whatever was thrown. */
export const asOpenError = (thrown: unknown, file: string): MirrorOpenError => {
  if (thrown instanceof MirrorOpenError) return thrown;
  const code = sqliteCodeOf(thrown);
  const refuse = (openCode: MirrorOpenCode, explanation: string) =>
    new MirrorOpenError(openCode, file, explanation, thrown);
  if (code === 'SQLITE_NOTADB') return notADatabase(file, thrown);
  if (code.startsWith('SQLITE_CORRUPT')) return corrupt(file, thrown);
  if (code.startsWith('SQLITE_READONLY'))
    return refuse('READ_ONLY', 'the file or its folder is read-only; make both writable for this user');
  if (code.startsWith('SQLITE_BUSY'))
    return refuse('LOCKED', 'another process is writing to it; stop that one, or use another file');
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return refuse('CANNOT_OPEN', `cannot be opened (${detail}); check the path, permissions and free space`);
};

export const notADatabase = (file: string, cause?: unknown): MirrorOpenError =>
  new MirrorOpenError(
    'NOT_A_DATABASE',
    file,
    'is not a mirror of this gateway; name a file of its own',
    cause,
  );

export const corrupt = (file: string, cause?: unknown): MirrorOpenError =>
  new MirrorOpenError('CORRUPT', file, `the file is damaged; ${REBUILD}`, cause);

/** SQLite's extended result code (`SQLITE_FULL`, …); '' for anything that SQLite did not throw. */
export const sqliteCodeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
