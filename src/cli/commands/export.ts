import { formatDuration } from '../../config/index.ts';
import { readStoredEvents } from '../../mirror/index.ts';
import type { Command } from '../command.ts';
import { configured, oneTenant, tenantOption } from '../configured.ts';
import { formats } from '../eventFormats.ts';
import { CliFailure } from '../failure.ts';
import { openMirrorReader } from '../openMirrorReader.ts';
import { rangeOptions, readRange } from '../range.ts';

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
    const asked = values['format'] ?? 'ndjson';
    const format = formats.find(({ name }) => name === asked);
    if (!format) throw new CliFailure(2, [`--format: "${asked}" is neither ndjson nor csv`]);
    const settings = configured(shell);
    const nowMs = shell.clock.nowMs();
    // An hour more than now: the server's clock may be ahead of this one.
    const whole = { fromMs: nowMs - settings.retentionMs, toMs: nowMs + 3_600_000 };
    const range = readRange(values, { ...whole, nowMs });
    const reader = openMirrorReader(oneTenant(settings, values['tenant']));
    let written = 0;
    try {
      if (format.header !== '') await shell.printBulk(format.header);
      for (const page of readStoredEvents(reader, range)) {
        if (shell.stop.aborted) return 1;
        written += page.length;
        await shell.printBulk(page.map(format.line).join(''));
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
