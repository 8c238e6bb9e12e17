/** First and last event start, and how many event versions, that bear a dictionary's row. */
export type Sighting = { firstMs: number; lastMs: number; count: number };

/** Collects sightings during a frame, so that each row is written once a frame and not once an event. */
export const createSightings = () => {
  const seen = new Map<number, Sighting>();
  return {
    add(id: number, atMs: number) {
      const sighting = seen.get(id);
      if (!sighting) {
        seen.set(id, { firstMs: atMs, lastMs: atMs, count: 1 });
        return;
      }
      sighting.firstMs = Math.min(sighting.firstMs, atMs);
      sighting.lastMs = Math.max(sighting.lastMs, atMs);
      sighting.count += 1;
    },
    /** Hands each over and starts anew. */
    drain(write: (id: number, sighting: Sighting) => void) {
      for (const [id, sighting] of seen) write(id, sighting);
      seen.clear();
    },
    forget: () => seen.clear(),
  };
};
