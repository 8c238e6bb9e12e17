import type { AgentStateRecord } from '../../upstream/index.ts';
import type { CodedAttribute } from '../codes.ts';
import { packId } from '../ids.ts';
import type { Capacities } from './capacities.ts';
import type { CodedValues } from './codedValues.ts';
import { completenessOf } from './completeness.ts';
import type { EventContent } from './eventRow.ts';
import type { Reasons } from './reasons.ts';
import { sortedKeys } from './sortedKeys.ts';
import type { TextDictionary } from './textDictionary.ts';

export type Dictionaries = {
  codes: CodedValues;
  reasons: Reasons;
  names: TextDictionary;
  capacities: Capacities;
};

/** A record as the columns of `event`; `session` is the row that its sessionId stands for. */
export const encodeRecord = (
  { codes, reasons, names, capacities }: Dictionaries,
  record: AgentStateRecord,
  session: number | null,
): EventContent => {
  const codeOf = (attribute: CodedAttribute, raw: string | null) =>
    raw === null ? null : codes.codeOf(attribute, raw);
  return {
    session,
    startMs: record.startMs,
    startInferred: record.startSource === 'EVENT_ID' ? 1 : 0,
    reportedEndMs: record.endMs,
    reportedDurationMs: record.reportedDurationMs,
    eventType: codeOf('eventType', record.eventType),
    presence: codeOf('presence', record.presence),
    state: codeOf('state', record.state),
    allocation: codeOf('allocation', record.allocation),
    direction: codeOf('direction', record.direction),
    reason: reasons.idOf(record),
    capacity: record.capacity === null ? null : capacities.idOf(record.capacity),
    name: record.agentName === null ? null : names.idOf(record.agentName),
    nextEventId: record.nextEventId === null ? null : packId(record.nextEventId),
    extra: record.extra === null ? null : JSON.stringify(sortedKeys(record.extra)),
    completeness: completenessOf(record),
  };
};

/** Counts in the catalogues what a new version says. */
export const sightContent = (
  { codes, reasons }: Dictionaries,
  content: EventContent,
  record: AgentStateRecord,
): void => {
  const { eventType, presence, state, allocation, direction, startMs } = content;
  codes.sight(
    [eventType, presence, state, allocation, direction],
    record.extra === null ? [] : Object.keys(record.extra),
    startMs,
  );
  reasons.sight(content.reason, startMs);
};
