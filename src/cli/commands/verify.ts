import { type MirrorReader, readCoverageBetween, readStoredEvents } from '../../mirror/index.ts';
import { type AgentStateRecord, createClockOffset, type Upstream } from '../../upstream/index.ts';
import type { Command, Shell } from '../command.ts';
import { compareRecords, type Difference } from '../compareRecords.ts';
import { configured, insecureOption, oneTenant, tenantOption, withUpstream } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { openMirrorReader } from '../openMirrorReader.ts';
import { createProgress } from '../progress.ts';
import { iso, type Range, rangeOptions, readRange } from '../range.ts';
import { connectUpstream, explainFailure, measureClock } from '../reachUpstream.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;
/** Upstream's ten minutes, less room for edges that it may cut to whole seconds. */
const WINDOW_MS = 590_000;
const EDGE_MS = 2_000;
const ATTEMPTS = 4;
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
      const defaults = { fromMs: nowMs - 3 * HOUR_MS, toMs: nowMs - QUARTER_MS, nowMs };
      const asked = readRange(values, defaults);
      const range = { ...asked, toMs: Math.min(asked.toMs, nowMs - EDGE_MS) };
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

/** Everything that upstream shows of a range, by content: versions of one record stay apart. */
const readUpstream = async (
  client: Upstream,
  range: Range,
  shell: Shell,
): Promise<Map<string, AgentStateRecord>> => {
  const records = new Map<string, AgentStateRecord>();
  const progress = createProgress(shell, 'reading upstream');
  for (let fromMs = range.fromMs; fromMs < range.toMs; fromMs += WINDOW_MS) {
    const window = { fromMs: fromMs - EDGE_MS, toMs: Math.min(fromMs + WINDOW_MS, range.toMs + EDGE_MS) };
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await client.readWindow(window, shell.stop);
      if (outcome.kind === 'READ') {
        for (const record of outcome.records) {
          const within = record.startMs >= range.fromMs && record.startMs < range.toMs;
          if (within) records.set(JSON.stringify(record), record);
        }
        break;
      }
      if (attempt === ATTEMPTS || shell.stop.aborted || outcome.code === 'UNAUTHORIZED') {
        throw new CliFailure(1, [explainFailure(outcome)]);
      }
      await shell.clock.sleep(outcome.retryAfterMs ?? 500 * 2 ** attempt, shell.stop);
    }
    progress.at(window.toMs - range.fromMs, range.toMs - range.fromMs, `the range, ${records.size} records`);
  }
  progress.end();
  return records;
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
