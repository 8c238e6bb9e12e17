const WIDTH = 30;

/** `history ▕██████        ▏ 41 % of 3d` */
export const drawBar = (label: string, done: number, total: number, whole: string): string => {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * WIDTH);
  return `${label} ▕${'█'.repeat(filled)}${' '.repeat(WIDTH - filled)}▏ ${Math.floor(share * 100)} % of ${whole}`;
};

export type ProgressBar = {
  draw(line: string): void;
  /** Leaves the last state of the bar standing, and a new line after it. */
  end(): void;
  /** Text that comes while the bar stands: it goes above. */
  above(text: string): void;
};

/** A bar in the last line of a terminal, which other lines push down without tearing it. */
export const createProgressBar = (write: (text: string) => void): ProgressBar => {
  let standing = '';
  return {
    draw(line) {
      standing = line;
      write(`\r\x1b[K${line}`);
    },
    end() {
      if (standing !== '') write('\n');
      standing = '';
    },
    above(text) {
      write(standing === '' ? text : `\r\x1b[K${text}${standing}`);
    },
  };
};
