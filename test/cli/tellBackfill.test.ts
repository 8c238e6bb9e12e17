import { describe, expect, it } from 'vitest';
import { createProgressBar } from '../../src/cli/progressBar.ts';
import { createBackfillTeller } from '../../src/cli/tellBackfill.ts';
import { createLogger } from '../../src/observability/index.ts';

const HOUR_MS = 3_600_000;
const at = (doneHours: number, totalHours = 72) => ({
  backfill: {
    fromMs: 0,
    toMs: totalHours * HOUR_MS,
    doneMs: doneHours * HOUR_MS,
    totalMs: totalHours * HOUR_MS,
    complete: doneHours === totalHours,
  },
});

const told = (terminal: boolean) => {
  const lines: { tenantId: string; percent: number }[] = [];
  let screen = '';
  const log = createLogger({
    level: 'info',
    format: 'json',
    write: (line) => void lines.push(JSON.parse(line)),
  });
  const bar = createProgressBar((text) => {
    screen += text;
  });
  const tell = createBackfillTeller(log, terminal ? bar : null);
  return {
    tell,
    percents: (tenantId: string) =>
      lines.filter((one) => one.tenantId === tenantId).map((one) => one.percent),
    screen: () => screen,
  };
};

describe('the reading of the past', () => {
  it('is a line of the log for every tenth, for each tenant', () => {
    const { tell, percents } = told(false);
    for (let hour = 0; hour <= 72; hour += 1) tell('a', at(hour));
    tell('b', at(36));
    expect(percents('a')).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
    expect(percents('b')).toEqual([50]);
  });

  it('is a bar on a terminal, and no lines', () => {
    const { tell, percents, screen } = told(true);
    for (let hour = 0; hour <= 72; hour += 8) tell('a', at(hour));
    expect(percents('a')).toEqual([]);
    expect(screen()).toContain('▏ 44 % of 72h');
    expect(screen()).toMatch(/▏ 100 % of 72h\n$/);
  });

  it('is told in lines once the bar is done, when a hole opens later', () => {
    const { tell, percents, screen } = told(true);
    tell('a', at(72));
    const drawn = screen();
    tell('a', at(1, 2));
    expect(percents('a')).toEqual([50]);
    expect(screen()).toBe(drawn);
  });

  it('says nothing where there is no past to read', () => {
    const { tell, percents, screen } = told(true);
    tell('a', { backfill: null });
    expect([percents('a'), screen()]).toEqual([[], '']);
  });
});
