import { parentPort, workerData } from 'node:worker_threads';
import { readDurations } from '../reading/durations.ts';
import { DurationsTooLargeError } from '../reading/durationTally.ts';
import { createMirrorReader } from '../reading/reader.ts';
import type { AggregateAnswer, AggregateQuestion, ReaderAssignment } from './messages.ts';

/** The thread of one tenant's aggregates: on the main one, seconds of adding up would hold up every query. */
const port = parentPort;
if (!port) throw new Error('readerThread runs as a worker only');
// Set by startAggregates, which alone starts this file.
const { file } = workerData as ReaderAssignment;
const reader = createMirrorReader(file);

const answer = ({ id, request }: AggregateQuestion): AggregateAnswer => {
  try {
    return { id, kind: 'ROWS', json: JSON.stringify(readDurations(reader, request)) };
  } catch (thrown) {
    if (thrown instanceof DurationsTooLargeError) {
      return { id, kind: 'TOO_LARGE', what: thrown.what, most: thrown.most };
    }
    return {
      id,
      kind: 'FAILED',
      message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    };
  }
};

port.on('message', (question: AggregateQuestion) => port.postMessage(answer(question)));
