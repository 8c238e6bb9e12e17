import type { Shell } from './command.ts';
import { createProgressBar, drawBar } from './progressBar.ts';

export type Progress = { at(done: number, total: number, what: string): void; end(): void };

/** A bar on a terminal; elsewhere a line for every tenth that is done. */
export const createProgress = (shell: Shell, label: string): Progress => {
  if (shell.terminal) {
    const bar = createProgressBar(shell.writeError);
    return { at: (done, total, what) => bar.draw(drawBar(label, done, total, what)), end: bar.end };
  }
  let toldTenths = 0;
  return {
    at(done, total, what) {
      const tenths = total <= 0 ? 10 : Math.floor((done / total) * 10);
      if (tenths <= toldTenths) return;
      toldTenths = tenths;
      shell.printError(`${label}: ${tenths * 10} % of ${what}`);
    },
    end() {},
  };
};
