export { countRows, type RowCount } from './count.ts';
export { type Pages, readWindow, WHOLE, type Window } from './page.ts';
export { agentsOfEvents, type ListRequest } from './plan.ts';
export { compareKeys, type ListName, type ListSource, type RowKey, sources } from './sources.ts';
