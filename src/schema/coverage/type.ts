import type { CoveragePart } from '../../poller/index.ts';
import { builder } from '../builder.ts';

const CoverageLevel = builder.enumType('CoverageLevel', {
  description: 'What the mirror knows of a stretch of time.',
  values: {
    PROVISIONAL: {
      description:
        'Read while records could still be on their way, or by answers much of which was no record: it is read again.',
    },
    SETTLED: { description: 'Read after the settle time; still re-read at set ages.' },
    SEALED: { description: 'The last re-read is done.' },
    GAP: { description: 'Not known; `cause` says why.' },
    UNREAD: { description: 'Never asked for: before the mirror began, or to come.' },
  },
});

const GapCauseEnum = builder.enumType('GapCause', {
  description: 'Why a stretch of time is not known.',
  values: {
    OUTAGE: { description: 'Not read yet; will be while upstream still has it.' },
    EXPIRED: { description: 'Left the three days of upstream unread: lost for ever.' },
    REFUSED: { description: 'Upstream refuses the credentials or the window.' },
    UNREADABLE: { description: 'No answer could be trusted.' },
    CHAIN_BREAK: { description: 'A record names a successor that never came.' },
  },
});

export const CoverageSliceType = builder.objectRef<CoveragePart>('CoverageSlice').implement({
  description:
    'A stretch of time, and what the mirror knows of it. Slices of one answer are disjoint, in order, and fill the range.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant of it.',
      resolve: (slice) => slice.fromMs,
    }),
    to: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'First instant past it.',
      resolve: (slice) => slice.toMs,
    }),
    level: t.field({
      type: CoverageLevel,
      nullable: false,
      description: 'What is known.',
      resolve: (slice) => slice.level,
    }),
    cause: t.field({
      type: GapCauseEnum,
      description: 'Why it is a gap; null for other levels.',
      resolve: (slice) => slice.cause,
    }),
    readAt: t.field({
      type: 'DateTime',
      description: "Upstream's clock at the last complete read, at least; null when never read.",
      resolve: (slice) => slice.readAtMs,
    }),
    reads: t.exposeInt('reads', { nullable: false, description: 'Complete reads so far, at least.' }),
    durationSeconds: t.float({
      nullable: false,
      description: 'Its length in seconds.',
      resolve: (slice) => (slice.toMs - slice.fromMs) / 1000,
    }),
  }),
});
