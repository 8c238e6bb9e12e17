type Answer = { data?: { mirror: { freshThrough: string | null; lagSeconds: number | null } } | null };

/**
 * Now by upstream's clock, in which every instant is told: this machine's may be wrong, and all times in a state with it.
 * It is this machine's until the gateway has told how far it is behind upstream.
 */
export const createUpstreamClock = () => {
  // Beside performance.now, which goes on evenly when somebody sets this machine's clock.
  let originMs: number | null = null;
  return {
    nowMs: (): number => (originMs === null ? Date.now() : originMs + performance.now()),
    /** To be set at each connection: performance.now may stand still while a machine sleeps. */
    async set(url: string, credentials: Record<string, string>): Promise<void> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...credentials, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query: '{ mirror { freshThrough lagSeconds } }' }),
      });
      // What the gateway answers to this query; without data where it refuses.
      const { data } = (await response.json()) as Answer;
      if (!data || data.mirror.freshThrough === null || data.mirror.lagSeconds === null) return;
      const upstreamNowMs = Date.parse(data.mirror.freshThrough) + data.mirror.lagSeconds * 1000;
      originMs = upstreamNowMs - performance.now();
    },
  };
};
