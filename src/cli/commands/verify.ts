import { type MirrorReader, readCoverageBetween, readStoredEvents } from '../../mirror/index.ts';
import { defaultPollerSettings } from '../../poller/index.ts';
import { createClockOffset } from '../../upstream/index.ts';
import type { Command, Shell } from '../command.ts';
import { compareRecords, type Difference } from '../compareRecords.ts';
import { configured, insecureOption, oneTenant, tenantOption, withUpstream } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { iso } from '../iso.ts';
import { openMirrorReader } from '../openMirrorReader.ts';
import { type Range, rangeOptions, readRange } from '../range.ts';
import { connectUpstream, measureClock } from '../reachUpstream.ts';
import { EDGE_MS, readUpstream } from '../readUpstream.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
/** Meanwhile the oldest of what upstream shows goes out of its reach. */
const READING_TAKES_MS = 10 * 60_000;
const MOST_LINES = 50;

export const verify: Command = {
  options: {
    ...rangeOptions({ from: '3h', to: '15m' }),
    ...tenantOption,
    ...insecureOption('ask an upstream without TLS'),
  },
  async run(values, shell) {
    const settings = configured(shell);
    const { tenant, upstream } = withUpstream(
      oneTenant(settings, values['tenant']),
      values['insecure'] !== undefined,
    );
    const reader = openMirrorReader(tenant);
    try {
      const client = connectUpstream(tenant, upstream, settings, shell.clock);
      const { nowMs } = await measureClock(client, createClockOffset(), shell.clock, shell.stop);
      const range = readableRange(values, nowMs, shell);
      const records = await readUpstream(client, range, shell);
      const mirrored = [...readStoredEvents(reader, range)].flat();
      const differences = compareRecords(mirrored, records.values(), range);
      shell.print(
        `${iso(range.fromMs)} to ${iso(range.toMs)}: ${mirrored.length} events in the mirror, ${records.size} records upstream`,
      );
      printCoverage(reader, range, shell);
      return printDifferences(differences, shell) ? 1 : 0;
    } finally {
      reader.close();
    }
  },
};

/** The span to compare, as far as upstream can be asked for it. Throws CliFailure. */
const readableRange = (values: Record<string, string | undefined>, nowMs: number, shell: Shell): Range => {
  const range = readRange(values, { fromMs: nowMs - 3 * HOUR_MS, toMs: nowMs - QUARTER_MS, nowMs });
  const latestMs = nowMs - EDGE_MS;
  if (range.fromMs >= latestMs) {
    throw new CliFailure(2, [
      `--from: ${iso(range.fromMs)} is not past yet; by upstream's clock it is ${iso(nowMs)}`,
    ]);
  }
  const oldestMs = nowMs - defaultPollerSettings.retentionReachMs + READING_TAKES_MS;
  if (range.fromMs < oldestMs) {
    throw new CliFailure(2, [
      `--from: ${iso(range.fromMs)} is out of reach, as upstream shows three days; ask from ${iso(oldestMs)} or later, e.g. --from 71h`,
    ]);
  }
  if (range.toMs <= latestMs) return range;
  shell.printError(`--to: ${iso(range.toMs)} is not past yet; compared up to ${iso(latestMs)}`);
  return { ...range, toMs: latestMs };
};

const printCoverage = (reader: MirrorReader, range: Range, shell: Shell): void => {
  const rows: (Range & { name: string })[] = [];
  for (const { fromMs, toMs, level, cause } of readCoverageBetween(reader, range.fromMs, range.toMs)) {
    const name = cause === null ? level : `${level} (${cause})`;
    const last = rows.at(-1);
    if (last?.name === name) last.toMs = toMs;
    else rows.push({ fromMs, toMs, name });
  }
  shell.print('coverage');
  for (const { fromMs, toMs, name } of rows) shell.print(`  ${iso(fromMs)}  ${iso(toMs)}  ${name}`);
};

const shown = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value));

/** Whether they differ: what the next re-read brings by itself is told, but is no difference. */
const printDifferences = (differences: readonly Difference[], shell: Shell): boolean => {
  for (const { kind, eventId, startMs, fields } of differences.slice(0, MOST_LINES)) {
    const told = fields.map(
      ({ name, mirror, upstream }) => `${name}: mirror ${shown(mirror)}, upstream ${shown(upstream)}`,
    );
    shell.print([kind.padEnd(8), eventId, iso(startMs), told.join('; ')].join('  ').trimEnd());
  }
  if (differences.length > MOST_LINES) shell.print(`and ${differences.length - MOST_LINES} more`);
  const count = (wanted: Difference['kind']) => differences.filter(({ kind }) => kind === wanted).length;
  const real = differences.length - count('BEHIND');
  shell.print(
    real === 0
      ? `no differences${count('BEHIND') > 0 ? `; ${count('BEHIND')} ends still to be read again` : ''}`
      : `${real} differences: ${count('MISSING')} missing, ${count('DIFFERS')} differ, ${count('EXTRA')} extra`,
  );
  return real > 0;
};
