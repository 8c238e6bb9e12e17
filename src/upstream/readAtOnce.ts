import { type ReadPage, unreadable, type Window } from './page.ts';
import type { WholeList } from './paging.ts';
import type { ReadFailure } from './upstream.ts';

/** All rows of a window in one answer: right when as many came as it says. */
export const readAtOnce = async (
  { readPage, host, maxBodyBytes }: { readPage: ReadPage; host: string; maxBodyBytes: number },
  window: Window,
  signal: AbortSignal,
): Promise<WholeList | ReadFailure> => {
  const page = await readPage(window, null, maxBodyBytes, signal);
  if (page.kind === 'FAILED') return page;
  const { rows, total, dateSample, sentMonotonicMs } = page;
  if (total !== null && rows.length !== total) {
    return unreadable(host, `${rows.length} rows came where \`total\` says ${total}`, dateSample);
  }
  return { kind: 'LIST', rows, requests: 1, dateSample, sentMonotonicMs };
};
