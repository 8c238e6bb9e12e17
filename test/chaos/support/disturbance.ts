import type { ChaosClient } from './chaosClient.ts';
import type { FloorFollower } from './floorFollowers.ts';

export type Disturbance = {
  counts: { cuts: number; pauses: number; sleeps: number; leaves: number };
  /** No more of it; everybody is awake and reads. */
  calm(): void;
};

const LONGEST_PAUSE_MS = 4_000;

/** Something happens to each client every few seconds, for as long as it lasts. */
export const disturb = (parts: {
  clients: readonly ChaosClient[];
  floors: readonly FloorFollower[];
  random: () => number;
  longestSleepMs: number;
}): Disturbance => {
  const { clients, floors, random, longestSleepMs } = parts;
  const counts = { cuts: 0, pauses: 0, sleeps: 0, leaves: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const disturbClient = (client: ChaosClient) => {
    const dice = random();
    let awayMs = 0;
    if (dice < 0.4) {
      counts.cuts += 1;
      client.cut();
    } else if (dice < 0.75) {
      counts.pauses += 1;
      client.pause();
      awayMs = (0.05 + 0.95 * random()) * LONGEST_PAUSE_MS;
      later(awayMs, client.resume);
    } else if (dice < 0.85) {
      counts.sleeps += 1;
      client.sleep();
      awayMs = (0.2 + 0.8 * random()) * longestSleepMs;
      later(awayMs, client.wake);
    } else {
      counts.leaves += 1;
      client.leaveOne(Math.floor(random() * 3));
    }
    later(awayMs + random() * 10_000, () => disturbClient(client));
  };
  const disturbFloor = (floor: FloorFollower) => {
    counts.cuts += 1;
    floor.cut();
    later(random() * 15_000, () => disturbFloor(floor));
  };
  for (const client of clients) later(random() * 10_000, () => disturbClient(client));
  for (const floor of floors) later(random() * 15_000, () => disturbFloor(floor));

  return {
    counts,
    calm() {
      for (const timer of timers) clearTimeout(timer);
      for (const client of clients) {
        client.resume();
        client.wake();
      }
    },
  };
};
