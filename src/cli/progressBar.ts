const WIDTH = 30;

/** `history ▕██████        ▏ 41 % of 3d` */
export const drawBar = (label: string, done: number, total: number, whole: string): string => {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * WIDTH);
  return `${label} ▕${'█'.repeat(filled)}${' '.repeat(WIDTH - filled)}▏ ${Math.floor(share * 100)} % of ${whole}`;
};
