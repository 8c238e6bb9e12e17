import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import type { Tenant } from '../../schema/context.ts';
import { HEARTBEAT_MS, LOOK_MS, type SteppedStream, type StreamEvent } from '../../schema/stepped.ts';
import { nextTurn } from './turn.ts';

/** What equal streams have in common: their steps, and what becomes of an event. */
export type Course = {
  steps: Pick<SteppedStream, 'step' | 'heartbeat'>;
  execute(event: StreamEvent): ExecutionResult | Promise<ExecutionResult>;
  mask(error: unknown): GraphQLError;
};

/** A place in the log, and since when nothing was said there (monotonic). */
export type Place = { seq: number; saidMs: number };

/** A stream that has received all there is. */
export type Member = {
  cohort: Cohort | null;
  /** Whether it takes another after this one. */
  deliver(event: StreamEvent, result: ExecutionResult): boolean;
  /** It does not, and so belongs to no cohort any more, unless it rests again. */
  fallBehind(course: Course, place: Place): void;
  end(error: GraphQLError): void;
};

/** Streams of one course at one place. */
export type Cohort = {
  key: string;
  course: Course;
  seq: number;
  /** When the member that has heard nothing for longest last heard something. */
  saidMs: number;
  members: Set<Member>;
};

export type Cohorts = {
  /**
   * Lets a stream wait for what follows its place: in the synchronous stretch that saw that nothing does yet, so that
   * no ring of the doorbell goes by in between. Equal keys are equal courses.
   */
  rest(member: Member, tenant: Tenant, key: string, course: Course, place: Place): void;
  leave(member: Member): void;
};

/**
 * Waits for all streams that are up to date. One wait a tenant, one step and one execution a cohort, one call a member:
 * a promise a member would cost as much as sending what it is told.
 */
export const createCohorts = (clock: Clock): Cohorts => {
  const hubs = new WeakMap<Tenant, Hub>();
  const hubOf = (tenant: Tenant): Hub => {
    let hub = hubs.get(tenant);
    if (!hub) {
      hub = createHub(tenant, clock);
      hubs.set(tenant, hub);
    }
    return hub;
  };
  return {
    rest: (member, tenant, key, course, { seq, saidMs }) =>
      hubOf(tenant).rest({ key, course, seq, saidMs, members: new Set([member]) }),
    leave(member) {
      member.cohort?.members.delete(member);
      member.cohort = null;
    },
  };
};

/** How long the thread is held before everybody else has a turn. */
const SLICE_MS = 8;
/** Members served between two looks at the clock. */
const STRIDE = 32;

type Hub = { rest(cohort: Cohort): void };

const createHub = ({ doorbell, draining }: Tenant, clock: Clock): Hub => {
  /** Cohorts at rest, by key and then by place. */
  let resting = new Map<string, Map<number, Cohort>>();
  let jobs: (() => void | Promise<void>)[] = [];
  let working = false;
  let waiting = false;
  let looks = 0;
  let sliceEndsMs = 0;

  const isSliceOver = (): boolean => clock.monotonicMs() >= sliceEndsMs;
  const newSlice = async (): Promise<void> => {
    await nextTurn();
    sliceEndsMs = clock.monotonicMs() + SLICE_MS;
  };

  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    sliceEndsMs = clock.monotonicMs() + SLICE_MS;
    while (jobs.length > 0) {
      const now = jobs;
      jobs = [];
      for (const job of now) {
        // Awaited only where it must be: what runs in one stretch reads the mirror in one transaction.
        const unfinished = job();
        if (unfinished) await unfinished;
        if (isSliceOver()) await newSlice();
      }
    }
    working = false;
  };

  const wait = async (): Promise<void> => {
    if (waiting) return;
    waiting = true;
    while (resting.size > 0 || working) {
      await doorbell.wait(LOOK_MS, draining);
      looks += 1;
      const awake = resting;
      resting = new Map();
      for (const places of awake.values()) {
        for (const cohort of places.values()) jobs.push(() => advance(cohort));
      }
      void work();
      if (draining.aborted) break;
    }
    waiting = false;
  };

  const rest = (cohort: Cohort): void => {
    if (cohort.members.size === 0) return;
    let places = resting.get(cohort.key);
    if (!places) {
      places = new Map();
      resting.set(cohort.key, places);
    }
    const there = places.get(cohort.seq);
    if (there && there.members.size >= cohort.members.size) join(there, cohort);
    else {
      places.set(cohort.seq, cohort);
      join(cohort, there ?? cohort);
    }
    void wait();
  };

  /** One step of a cohort that is awake, and its deliveries; then another, or rest. */
  const advance = (cohort: Cohort): void | Promise<void> => {
    const { course, members } = cohort;
    if (members.size === 0) return;
    const lookedAt = looks;
    try {
      const { event: found, seq, more } = course.steps.step(cohort.seq);
      cohort.seq = seq;
      // The next look would be too late.
      const silent = !more && clock.monotonicMs() - cohort.saidMs + LOOK_MS >= HEARTBEAT_MS;
      const event = found ?? (silent ? course.steps.heartbeat(seq) : null);
      const finish = () => {
        if (more || lookedAt !== looks) jobs.push(() => advance(cohort));
        else rest(cohort);
      };
      if (!event) return finish();
      const deliver = (result: ExecutionResult) => {
        cohort.saidMs = clock.monotonicMs();
        return handOut(cohort, event, result, members.values(), finish);
      };
      const result = course.execute(event);
      if (!('then' in result)) return deliver(result);
      result.then(
        (late) => {
          jobs.push(() => deliver(late));
          void work();
        },
        (error: unknown) => endAll(cohort, error),
      );
    } catch (error) {
      endAll(cohort, error);
    }
  };

  const handOut = (
    cohort: Cohort,
    event: StreamEvent,
    result: ExecutionResult,
    left: IterableIterator<Member>,
    finish: () => void,
  ): void | Promise<void> => {
    let served = 0;
    for (const member of left) {
      if (!member.deliver(event, result) && cohort.members.delete(member)) {
        member.cohort = null;
        member.fallBehind(cohort.course, cohort);
      }
      served += 1;
      if (served % STRIDE === 0 && isSliceOver()) {
        return newSlice().then(() => handOut(cohort, event, result, left, finish));
      }
    }
    finish();
  };

  return { rest };
};

const join = (cohort: Cohort, others: Cohort): void => {
  cohort.saidMs = Math.min(cohort.saidMs, others.saidMs);
  for (const member of others.members) {
    cohort.members.add(member);
    member.cohort = cohort;
  }
};

const endAll = ({ course, members }: Cohort, error: unknown): void => {
  const reason = course.mask(error);
  for (const member of members) member.end(reason);
};
