import type { StoredEvent } from '../mirror/index.ts';
import { csvCell } from './csvCell.ts';
import { eventColumns } from './eventColumns.ts';

export type EventFormat = {
  name: string;
  /** Before the first event; may be empty. */
  header: string;
  /** One event, with its line end. */
  line(event: StoredEvent): string;
};

const columns = Object.entries(eventColumns);

const ndjson: EventFormat = {
  name: 'ndjson',
  header: '',
  line: (event) =>
    `${JSON.stringify(Object.fromEntries(columns.map(([name, read]) => [name, read(event)])))}\n`,
};

const csv: EventFormat = {
  name: 'csv',
  header: `${columns.map(([name]) => name).join(',')}\r\n`,
  line: (event) => `${columns.map(([, read]) => csvCell(read(event))).join(',')}\r\n`,
};

export const formats: readonly EventFormat[] = [ndjson, csv];
