import { formatDuration, type TenantSettings } from '../../config/index.ts';
import { MirrorOpenError, type MirrorWriter, openWriter } from '../../mirror/index.ts';
import { createPoller, defaultPollerSettings } from '../../poller/index.ts';
import { createClockOffset } from '../../upstream/index.ts';
import type { Command, Shell } from '../command.ts';
import { configured, insecureOption, oneTenant, tenantOption, withUpstream } from '../configured.ts';
import { CliFailure } from '../failure.ts';
import { iso } from '../iso.ts';
import { createProgress } from '../progress.ts';
import { rangeOptions, readRange } from '../range.ts';
import { connectUpstream, measureClock } from '../reachUpstream.ts';

/** The server's clock is known to about a second, and its edges are cut to whole ones. */
const TOO_YOUNG_MS = 5_000;

export const backfill: Command = {
  options: {
    ...rangeOptions({ from: 'RTA_BACKFILL ago', to: 'now' }),
    ...tenantOption,
    ...insecureOption('ask an upstream without TLS'),
  },
  async run(values, shell) {
    const { clock } = shell;
    const settings = configured(shell);
    const { tenant, upstream } = withUpstream(
      oneTenant(settings, values['tenant']),
      values['insecure'] !== undefined,
    );
    const client = connectUpstream(tenant, upstream, settings, clock);
    const offset = createClockOffset();
    const { nowMs } = await measureClock(client, offset, clock, shell.stop);
    const latestMs = nowMs - TOO_YOUNG_MS;
    const asked = readRange(values, { fromMs: nowMs - settings.backfillMs, toMs: latestMs, nowMs });
    const range = { ...asked, toMs: Math.min(asked.toMs, latestMs) };
    if (range.fromMs >= range.toMs)
      throw new CliFailure(2, [`--from: ${iso(range.fromMs)} is in the future`]);

    const writer = openMirror(tenant, shell);
    try {
      const poller = createPoller({
        upstream: client,
        log: writer,
        state: writer,
        clock,
        settings: { ...defaultPollerSettings, settleMs: settings.settleMs },
        offset,
        random: shell.random,
      });
      const progress = createProgress(shell, 'backfill');
      const whole = formatDuration(Math.max(1_000, Math.round((range.toMs - range.fromMs) / 1_000) * 1_000));
      const result = await poller.backfill(range, shell.stop, ({ doneMs, totalMs, records }) =>
        progress.at(doneMs, totalMs, `${whole}, ${records} records`),
      );
      progress.end();
      shell.print(`${result.records} records read of ${iso(range.fromMs)} to ${iso(range.toMs)}`);
      for (const { fromMs, toMs } of result.unread) shell.print(`not read: ${iso(fromMs)} to ${iso(toMs)}`);
      if (result.stopped && !shell.stop.aborted)
        throw new CliFailure(1, [`upstream: ${result.stopped.message}`]);
      return result.unread.length > 0 || result.stopped ? 1 : 0;
    } finally {
      writer.close();
    }
  },
};

const openMirror = ({ database, tenantId }: TenantSettings, { randomBytes }: Shell): MirrorWriter => {
  try {
    return openWriter({ file: database, tenantId, randomBytes });
  } catch (error) {
    if (error instanceof MirrorOpenError) throw new CliFailure(1, [error.message]);
    throw error;
  }
};
