import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/clock/systemClock.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/index.ts';

export const TENANT_ID = '3e0f9a50-7d3b-11e7-b08f-6e56a766befb';

/** The vendor's page, simulated in this process so that its truth can be asked; and how a gateway reaches it. */
export const startUpstream = async (
  options: Partial<SimulatorOptions> = {},
): Promise<{ simulator: Simulator; environment: Record<string, string> }> => {
  const simulator = await startSimulator({
    clock: systemClock,
    port: 0,
    seed: 7,
    preset: 'small',
    tenantId: TENANT_ID,
    username: 'rta',
    password: 'correct horse',
    historyMs: 3_600_000,
    // Well below RTA_SETTLE underneath: what comes later than that is a matter of re-reads, minutes away.
    variants: { delayMs: 300 },
    ...options,
  });
  onTestFinished(() => simulator.stop());
  return {
    simulator,
    environment: {
      RTA_UPSTREAM_URL: simulator.baseUrl,
      RTA_TENANT_ID: TENANT_ID,
      RTA_USERNAME: 'rta',
      RTA_PASSWORD: 'correct horse',
      RTA_BACKFILL: '1h',
      RTA_POLL_INTERVAL: '500ms',
      RTA_SETTLE: '2s',
      RTA_LOOKBACK: '10s',
    },
  };
};
