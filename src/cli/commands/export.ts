import { formatDuration } from '../../config/index.ts';
import { readStoredEvents, type StoredEvent } from '../../mirror/index.ts';
import type { Command } from '../command.ts';
import { configured, oneTenant, tenantOption } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { openMirrorReader } from '../openMirrorReader.ts';
import { iso, rangeOptions, readRange } from '../range.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** The columns of both formats, in order. Instants in RFC 3339, durations in seconds. */
const rowOf = (event: StoredEvent) => ({
  eventId: event.eventId,
  eventType: event.eventType,
  agentId: event.agentId,
  agentName: event.agentName,
  platformAgentId: event.platformAgentId,
  tenantAgentId: event.tenantAgentId,
  sessionId: event.sessionId,
  loginTimestamp: isoOrNull(event.loginMs),
  start: iso(event.startMs),
  end: isoOrNull(event.endMs),
  endSource: event.endSource,
  durationSeconds: event.endMs === null ? null : (event.endMs - event.startMs) / 1_000,
  presence: event.presence,
  state: event.state,
  allocation: event.allocation,
  direction: event.direction,
  reasonId: event.reasonId,
  reasonName: event.reasonName,
  reasonListId: event.reasonListId,
  reasonListName: event.reasonListName,
  nextEventId: event.nextEventId,
  // Stored as JSON by the writer.
  capacity: event.capacityJson === null ? null : JSON.parse(event.capacityJson),
  extra: event.extraJson === null ? null : JSON.parse(event.extraJson),
  revision: event.revision,
  observedAt: iso(event.observedMs),
});

const columns: readonly (keyof ReturnType<typeof rowOf>)[] = [
  'eventId',
  'eventType',
  'agentId',
  'agentName',
  'platformAgentId',
  'tenantAgentId',
  'sessionId',
  'loginTimestamp',
  'start',
  'end',
  'endSource',
  'durationSeconds',
  'presence',
  'state',
  'allocation',
  'direction',
  'reasonId',
  'reasonName',
  'reasonListId',
  'reasonListName',
  'nextEventId',
  'capacity',
  'extra',
  'revision',
  'observedAt',
];

/**
 * RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe before it: names come from people, and
 * files like this are opened in Excel.
 */
const csvCell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export const exportEvents: Command = {
  options: {
    format: {
      kind: 'text',
      placeholder: 'ndjson|csv',
      description: 'one JSON object a line, or CSV',
      default: 'ndjson',
    },
    ...rangeOptions({ from: 'RTA_RETENTION ago', to: 'now' }),
    ...tenantOption,
  },
  async run(values, shell) {
    const format = values['format'] ?? 'ndjson';
    if (format !== 'ndjson' && format !== 'csv') {
      throw new CliFailure(2, [`--format: "${format}" is neither ndjson nor csv`]);
    }
    const settings = configured(shell);
    const nowMs = shell.clock.nowMs();
    // An hour more than now: the server's clock may be ahead of this one.
    const whole = { fromMs: nowMs - settings.retentionMs, toMs: nowMs + 3_600_000 };
    const range = readRange(values, { ...whole, nowMs });
    const reader = openMirrorReader(oneTenant(settings, values['tenant']));
    let written = 0;
    try {
      if (format === 'csv') await shell.printBulk(`${columns.join(',')}\r\n`);
      for (const page of readStoredEvents(reader, range)) {
        if (shell.stop.aborted) return 1;
        const rows = page.map(rowOf);
        written += rows.length;
        await shell.printBulk(
          format === 'csv'
            ? rows.map((row) => `${columns.map((column) => csvCell(row[column])).join(',')}\r\n`).join('')
            : rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
        );
      }
    } finally {
      reader.close();
    }
    if (shell.terminal) {
      shell.printError(`${written} events of ${formatDuration(range.toMs - range.fromMs)}`);
    }
    return 0;
  },
};
