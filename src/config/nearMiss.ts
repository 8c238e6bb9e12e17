/** How many letters must be put in, taken out or changed to make one text of the other. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

/** The known name that somebody who wrote `name` meant; null where none is near. */
export const nearMiss = (name: string, known: readonly string[]): string | null =>
  known.find((candidate) => candidate !== name && distance(name, candidate) <= 2) ?? null;
