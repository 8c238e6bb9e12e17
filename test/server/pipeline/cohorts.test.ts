import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../src/clock/manualClock.ts';
import type { Tenant } from '../../../src/schema/context.ts';
import { HEARTBEAT_MS } from '../../../src/schema/stepped.ts';
import {
  type Cohorts,
  type Course,
  createCohorts,
  type Member,
} from '../../../src/server/pipeline/cohorts.ts';

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

/** Quiet for ever, unless told otherwise. */
const courseOf = (told: Partial<Course> & { step?: Course['steps']['step'] } = {}): Course => {
  let beats = 0;
  const { step = (seq) => ({ event: null, seq, more: false }), ...rest } = told;
  return {
    steps: {
      step,
      heartbeat() {
        beats += 1;
        return { cursor: `beat ${beats}` };
      },
    },
    execute: () => ({ data: {} }),
    // What is thrown here are errors.
    mask: (error) => new GraphQLError(`masked ${(error as Error).message}`),
    onDelivered: () => {},
    ...rest,
  };
};

const tenantOf = (wait: Tenant['doorbell']['wait']): Tenant => ({
  tenantId: 'acme',
  // Cohorts never read a mirror.
  mirror: null as unknown as Tenant['mirror'],
  aggregates: { durations: () => Promise.reject(new Error('cohorts ask for no aggregates')) },
  doorbell: { ring() {}, wait },
  liveStatus: () => null,
  draining: new AbortController().signal,
});

const startCohorts = () => {
  const clock = createManualClock(0);
  return { clock, tenant: tenantOf(clock.sleep), cohorts: createCohorts(clock) };
};

test('a member that cannot take its message ends alone; the others go on hearing', async () => {
  const { clock, tenant, cohorts } = startCohorts();
  const course = courseOf();
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

test('what fails for a whole cohort ends its members, also where one cannot even be ended; other cohorts live on', async () => {
  const { clock, tenant, cohorts } = startCohorts();
  const failing = courseOf({
    onDelivered() {
      throw new Error('no such metric');
    },
  });
  const unendable = memberOf(cohorts, () => true);
  unendable.member.end = () => {
    throw new Error('gone');
  };
  const ended = memberOf(cohorts, () => true);
  const sound = memberOf(cohorts, () => true);
  for (const { member } of [unendable, ended]) {
    cohorts.rest(member, tenant, 'failing', failing, { seq: 1, saidMs: 0 });
  }
  cohorts.rest(sound.member, tenant, 'sound', courseOf(), { seq: 1, saidMs: 0 });
  await clock.advance(HEARTBEAT_MS);
  await clock.advance(HEARTBEAT_MS);
  expect(ended.told).toEqual(['ended: masked no such metric']);
  expect(sound.told).toEqual(['beat 1', 'beat 2']);
});

test('a doorbell that fails ends who waits at it; who comes later waits anew', async () => {
  const { clock, cohorts } = startCohorts();
  let broken = true;
  const tenant = tenantOf(async (maxWaitMs, signal) => {
    if (broken) throw new Error('no doorbell');
    await clock.sleep(maxWaitMs, signal);
  });
  const early = memberOf(cohorts, () => true);
  cohorts.rest(early.member, tenant, 'same', courseOf(), { seq: 1, saidMs: 0 });
  await clock.advance(1);
  expect(early.told).toEqual(['ended: masked no doorbell']);
  broken = false;
  const late = memberOf(cohorts, () => true);
  cohorts.rest(late.member, tenant, 'same', courseOf(), { seq: 1, saidMs: 0 });
  await clock.advance(HEARTBEAT_MS);
  expect(late.told).toEqual(['beat 1']);
});

test('who joins others at one place does not make them wait longer for a word', async () => {
  const { clock, tenant, cohorts } = startCohorts();
  const course = courseOf();
  const first = memberOf(cohorts, () => true);
  cohorts.rest(first.member, tenant, 'same', course, { seq: 1, saidMs: 0 });
  await clock.advance(HEARTBEAT_MS - 5_000);
  const second = memberOf(cohorts, () => true);
  cohorts.rest(second.member, tenant, 'same', course, { seq: 1, saidMs: clock.monotonicMs() });
  await clock.advance(5_000);
  expect(first.told).toEqual(['beat 1']);
  expect(second.told).toEqual(['beat 1']);
});

test('a ring that comes while a result is still being made is not slept through', async () => {
  const clock = createManualClock(0);
  const cohorts = createCohorts(clock);
  let ring = () => {};
  const tenant = tenantOf(
    () =>
      new Promise((resolve) => {
        ring = resolve;
      }),
  );
  const log = ['c1'];
  const late: ((result: object) => void)[] = [];
  const course = courseOf({
    step(seq) {
      const cursor = log[seq];
      return cursor === undefined
        ? { event: null, seq, more: false }
        : { event: { cursor }, seq: seq + 1, more: false };
    },
    execute: () => new Promise((resolve) => late.push(resolve)),
  });
  const { member, told } = memberOf(cohorts, () => true);
  // Another one, so that somebody waits at the door all the time.
  cohorts.rest(memberOf(cohorts, () => true).member, tenant, 'quiet', courseOf(), { seq: 0, saidMs: 0 });
  cohorts.rest(member, tenant, 'late', course, { seq: 0, saidMs: 0 });
  ring();
  await expect.poll(() => late.length).toBe(1);
  log.push('c2');
  ring();
  await clock.advance(0);
  late[0]?.({ data: {} });
  await expect.poll(() => late.length).toBe(2);
  late[1]?.({ data: {} });
  await expect.poll(() => told).toEqual(['c1', 'c2']);
});
