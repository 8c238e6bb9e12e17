import type { Database } from 'better-sqlite3';
import { type Frame, isSettled } from '../../poller/index.ts';
import type { AgentStateRecord } from '../../upstream/index.ts';
import { packId } from '../ids.ts';
import { createAgents } from './agents.ts';
import { createAudits } from './audits.ts';
import { createCapacities } from './capacities.ts';
import { createChangeLog } from './changeLog.ts';
import { createCodedValues } from './codedValues.ts';
import { createCoverageTable } from './coverageTable.ts';
import { inferEnds } from './ends.ts';
import { compareEvents, type TouchedEvent } from './eventRow.ts';
import { createEvents } from './events.ts';
import { createFrameEvents } from './frameEvents.ts';
import { createHeldEvents } from './heldEvents.ts';
import { createQuarantine } from './quarantine.ts';
import { createQuarters } from './quarters.ts';
import { createReasons } from './reasons.ts';
import { createRevisions } from './revisions.ts';
import { createSessions } from './sessions.ts';
import { createStatuses } from './statuses.ts';
import { createTextDictionary } from './textDictionary.ts';
import { createTransfers } from './transfers.ts';

/**
 * Turns a frame into facts, inside the caller's transaction. Deterministic: the same frames in the same order give the
 * same rows, row ids and change log; nothing here reads a clock or anything else but the frame and the tables.
 *
 * Records are taken in the order of time, whatever the order of upstream's page. What is inferred (ends, session ends,
 * statuses) is inferred once, when all records of the frame are in their table, so that it never takes a turn in between
 * that the frame itself puts right; only statuses take every step that the frame's events tell of.
 */
export const createApplier = (database: Database) => {
  const changeLog = createChangeLog(database);
  const events = createEvents(database);
  const heldEvents = createHeldEvents(database);
  const sessions = createSessions(database);
  const agents = createAgents(database);
  const revisions = createRevisions(database);
  const quarantine = createQuarantine(database);
  const quarters = createQuarters(database);
  const coverage = createCoverageTable(database);
  const audits = createAudits(database);
  const dictionaries = {
    codes: createCodedValues(database),
    reasons: createReasons(database),
    names: createTextDictionary(database, 'name_text', 'name'),
    capacities: createCapacities(database),
  };
  const transfers = createTransfers(database, { agents, events, changeLog });
  const statuses = createStatuses(database, { events, sessions, reasons: dictionaries.reasons, changeLog });
  const putStatus = database.prepare<[string]>(
    'insert into poller_status (id, body) values (1, ?) on conflict do update set body = excluded.body',
  );
  const eventParts = { ...dictionaries, events, agents, sessions, revisions, quarantine };

  const logEvents = (touched: Iterable<TouchedEvent>) => {
    for (const { before, row } of [...touched].sort((a, b) => compareEvents(a.row, b.row))) {
      // Held, but as it was.
      if (before && before.revision === row.revision) continue;
      quarters.change(before, row);
      if (before) revisions.supersede(before);
      const closes = before !== null && before.endMs === null && row.endMs !== null;
      const kind = before === null ? 'EVENT_NEW' : closes ? 'EVENT_CLOSED' : 'EVENT_REVISED';
      const { id, agent, revision, observedMs } = row;
      changeLog.event(kind, { event: id, agent, revision, observedMs });
    }
  };

  return {
    changeLog,
    events,
    sessions,
    quarters,
    coverage,
    audits,
    apply(frame: Frame): void {
      const { observedMs } = frame;
      coverage.apply(frame.coverage);
      const records = inOrder(frame.records);
      const mayBeHeld = heldEvents(records.map(({ eventId }) => eventId));
      const frameEvents = createFrameEvents(eventParts, observedMs, mayBeHeld);
      /** Of transfers. */
      const bearers: { record: AgentStateRecord; entry: TouchedEvent }[] = [];
      for (const { record, eventId } of records) {
        const entry = frameEvents.merge(record, eventId);
        if (entry && record.transfers.length > 0) bearers.push({ record, entry });
      }
      const changed = frameEvents.write();
      for (const { before, row } of changed) if (before === null) audits.arrived(row.eventId);
      sessions.refreshLast();
      inferEnds({ events, sessions, changed, touch: frameEvents.touch, observedMs });
      const endedFor = sessions.inferEnds({
        isSettled: coverage.isSettled,
        newlySettled: frame.coverage.filter(isSettled),
      });
      const touchedAgents = agents.flush();
      logEvents(frameEvents.touched());
      for (const { record, entry } of bearers) transfers.note(record, entry.row, observedMs);
      transfers.flush(observedMs);
      const touched = { agents: touchedAgents, sessions: sessions.touched() };
      statuses.apply(byAgent(changed), [...endedFor, ...sessions.reordered()], touched, observedMs);
      sessions.endFrame();

      quarters.flush();
      changeLog.flush();
      dictionaries.codes.flush();
      dictionaries.reasons.flush();
      for (const { reason, rawJson } of frame.quarantined) quarantine.add(reason, rawJson, observedMs);
      audits.apply(frame.audits);
      if (frame.status) putStatus.run(JSON.stringify(frame.status));
    },
    /** Drops everything held in memory: after a rolled back transaction it may not be what the tables hold. */
    forget() {
      const parts = [changeLog, events, sessions, agents, quarters, coverage, audits, transfers, statuses];
      for (const part of parts) part.forget();
      for (const dictionary of Object.values(dictionaries)) dictionary.forget();
    },
  };
};
export type Applier = ReturnType<typeof createApplier>;

const inOrder = (records: readonly AgentStateRecord[]) =>
  records
    .map((record) => ({ record, startMs: record.startMs, eventId: packId(record.eventId) }))
    .sort(compareEvents);

const byAgent = (changed: readonly TouchedEvent[]): Map<number, TouchedEvent[]> => {
  const news = new Map<number, TouchedEvent[]>();
  for (const event of [...changed].sort((a, b) => compareEvents(a.row, b.row))) {
    const list = news.get(event.row.agent);
    if (list) list.push(event);
    else news.set(event.row.agent, [event]);
  }
  return news;
};
