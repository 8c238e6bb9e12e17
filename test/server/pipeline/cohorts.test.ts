import { GraphQLError } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../../src/clock/manualClock.ts';
import { HEARTBEAT_MS } from '../../../src/schema/stepped.ts';
import {
  type Cohorts,
  type Course,
  createCohorts,
  type Member,
} from '../../../src/server/pipeline/cohorts.ts';
import { openGateway } from '../../fixtures/gateway.ts';

const memberOf = (cohorts: Cohorts, take: (cursor: string) => boolean) => {
  const told: string[] = [];
  const member: Member = {
    cohort: null,
    deliver(cursor) {
      told.push(cursor);
      return take(cursor);
    },
    fallBehind: () => {},
    end(error) {
      told.push(`ended: ${error.message}`);
      cohorts.leave(member);
    },
  };
  return { member, told };
};

test('a member that cannot take its message ends alone; the others go on hearing', async () => {
  const gateway = openGateway();
  onTestFinished(gateway.dispose);
  const clock = createManualClock(0);
  const tenant = { ...gateway.context().tenant, doorbell: { ring() {}, wait: clock.sleep } };
  const cohorts = createCohorts(clock);
  let beats = 0;
  const course: Course = {
    steps: {
      step: (seq) => ({ event: null, seq, more: false }),
      heartbeat() {
        beats += 1;
        return { cursor: `beat ${beats}` };
      },
    },
    execute: () => ({ data: {} }),
    mask: (error) => new GraphQLError(`masked ${(error as Error).message}`),
    onDelivered: () => {},
  };
  const broken = memberOf(cohorts, () => {
    throw new Error('no such socket');
  });
  const sound = memberOf(cohorts, () => true);
  for (const { member } of [broken, sound]) {
    cohorts.rest(member, tenant, 'same', course, { seq: 1, saidMs: 0 });
  }
  await clock.advance(HEARTBEAT_MS);
  await clock.advance(HEARTBEAT_MS);
  expect(broken.told).toEqual(['beat 1', 'ended: masked no such socket']);
  expect(sound.told).toEqual(['beat 1', 'beat 2']);
});
