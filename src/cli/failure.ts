/** Exit codes: 0 done, 1 it did not work (or differs), 2 it was asked wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Something the user can mend: printed as one line a problem, without a stack. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  constructor(exitCode: ExitCode, lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'CliFailure';
    this.exitCode = exitCode;
    this.lines = lines;
  }
}
