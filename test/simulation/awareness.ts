import { LARGEST_WALL_ERROR_MS } from './plan.ts';

/**
 * Whether a process can know the server's clock. Until answers have told it of a step, it cannot but take its reads for
 * older or younger than they were; from then on it has no excuse.
 */
export type Awareness = {
  /** A process begins, whose own clock is wrong by so much. */
  born(wallErrorMs: number, steps: number): void;
  /** A dated answer, given after so many steps, reached the process. */
  told(dateMs: number, steps: number): void;
  /** `steps`: how often the clock has been set by now. */
  isAware(steps: number): boolean;
  /** An answer has told it of the clock; before, it goes by its own. */
  isMeasured(): boolean;
};

export const createAwareness = (): Awareness => {
  /** The step after which the clock is known; null: by no Date and by no wall clock. */
  let known: number | null = null;
  let isMeasured = false;
  let newestDateMs = 0;
  /** A Date from the past may be a cache's: the next one has to tick on from it. */
  let suspect: { dateMs: number; steps: number } | null = null;

  const knows = (steps: number, dateMs: number) => {
    known = steps;
    isMeasured = true;
    newestDateMs = dateMs;
    suspect = null;
  };

  return {
    born(wallErrorMs, steps) {
      known = Math.abs(wallErrorMs) <= LARGEST_WALL_ERROR_MS ? steps : null;
      isMeasured = false;
      suspect = null;
    },
    told(dateMs, steps) {
      if (!isMeasured) knows(steps, dateMs);
      else if (steps === known) knows(steps, Math.max(dateMs, newestDateMs));
      else if (dateMs > newestDateMs) knows(steps, dateMs);
      else if (suspect && suspect.steps === steps && dateMs > suspect.dateMs) knows(steps, dateMs);
      else suspect = { dateMs, steps };
    },
    isAware: (steps) => known === steps,
    isMeasured: () => isMeasured,
  };
};
