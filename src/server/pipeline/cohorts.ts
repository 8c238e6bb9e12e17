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
  /** Counts, for all streams of the course. */
  onDelivered(count: number): void;
};

/** A place in the log, and since when nothing was said there (monotonic). */
export type Place = { seq: number; saidMs: number };

/** A stream that has received all there is. */
export type Member = {
  cohort: Cohort | null;
  /** Whether it takes another after this one, which ends behind `cursor`. */
  deliver(cursor: string, result: ExecutionResult): boolean;
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
  /** Cohorts that are awake and take a step next. */
  let awake: Cohort[] = [];
  /** What steps have brought. */
  let deliveries: { cohort: Cohort; deliver(): void | Promise<void> }[] = [];
  let working = false;
  let waiting = false;
  let looks = 0;
  let sliceEndsMs = 0;

  const takeResting = (): Cohort[] => {
    const rested = [...resting.values()].flatMap((places) => [...places.values()]);
    resting = new Map();
    return rested;
  };

  const isSliceOver = (): boolean => clock.monotonicMs() >= sliceEndsMs;
  const newSlice = async (): Promise<void> => {
    await nextTurn();
    sliceEndsMs = clock.monotonicMs() + SLICE_MS;
  };

  /**
   * First the steps of a slice and then all that they brought: in one stretch they read the mirror in one transaction,
   * and in one go messages leave cheaper than one by one, each to a peer that has fallen asleep.
   */
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    sliceEndsMs = clock.monotonicMs() + SLICE_MS;
    try {
      while (awake.length > 0 || deliveries.length > 0) {
        const cohorts = awake;
        awake = [];
        let stepped = 0;
        while (stepped < cohorts.length && !isSliceOver()) {
          advance(cohorts[stepped]!);
          stepped += 1;
        }
        awake = [...cohorts.slice(stepped), ...awake];
        if (isSliceOver()) await newSlice();
        const brought = deliveries;
        deliveries = [];
        for (const { cohort, deliver } of brought) {
          // Whatever goes wrong with one cohort is its own: the others are still to be served.
          try {
            const unfinished = deliver();
            if (unfinished) await unfinished;
          } catch (error) {
            endAll(cohort, error);
          }
          if (isSliceOver()) await newSlice();
        }
      }
    } finally {
      working = false;
    }
  };

  const wait = async (): Promise<void> => {
    if (waiting) return;
    waiting = true;
    try {
      while (resting.size > 0 || working) {
        await doorbell.wait(LOOK_MS, draining);
        looks += 1;
        awake.push(...takeResting());
        void work();
        if (draining.aborted) break;
      }
    } catch (error) {
      // Nobody would be woken any more: better ended than asleep for ever.
      for (const cohort of takeResting()) endAll(cohort, error);
    } finally {
      waiting = false;
    }
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

  /** One step of a cohort; when all have what it brought, another, or rest. */
  const advance = (cohort: Cohort): void => {
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
        if (more || lookedAt !== looks) awake.push(cohort);
        else rest(cohort);
      };
      if (!event) {
        finish();
        return;
      }
      const deliver = (result: ExecutionResult) => {
        deliveries.push({
          cohort,
          deliver() {
            cohort.saidMs = clock.monotonicMs();
            course.onDelivered(members.size);
            return handOut(cohort, event.cursor, result, members.values(), finish);
          },
        });
      };
      const result = course.execute(event);
      if ('then' in result) {
        result.then(
          (late) => {
            deliver(late);
            void work();
          },
          (error: unknown) => endAll(cohort, error),
        );
      } else deliver(result);
    } catch (error) {
      endAll(cohort, error);
    }
  };

  const handOut = (
    cohort: Cohort,
    cursor: string,
    result: ExecutionResult,
    left: IterableIterator<Member>,
    finish: () => void,
  ): void | Promise<void> => {
    let served = 0;
    for (const member of left) {
      serve(cohort, member, cursor, result);
      served += 1;
      if (served % STRIDE === 0 && isSliceOver()) {
        return newSlice().then(() => handOut(cohort, cursor, result, left, finish));
      }
    }
    finish();
  };

  return { rest };
};

/** Whatever goes wrong with one member is its own: the others are still to be served. */
const serve = (cohort: Cohort, member: Member, cursor: string, result: ExecutionResult): void => {
  try {
    if (!member.deliver(cursor, result) && cohort.members.delete(member)) {
      member.cohort = null;
      member.fallBehind(cohort.course, cohort);
    }
  } catch (error) {
    endOne(cohort, member, cohort.course.mask(error));
  }
};

const endOne = (cohort: Cohort, member: Member, reason: GraphQLError): void => {
  cohort.members.delete(member);
  try {
    member.end(reason);
  } catch (error) {
    // Masking logs it: there is nobody left to be told.
    cohort.course.mask(error);
  }
};

const join = (cohort: Cohort, others: Cohort): void => {
  cohort.saidMs = Math.min(cohort.saidMs, others.saidMs);
  for (const member of others.members) {
    cohort.members.add(member);
    member.cohort = cohort;
  }
};

const endAll = (cohort: Cohort, error: unknown): void => {
  const reason = cohort.course.mask(error);
  for (const member of cohort.members) endOne(cohort, member, reason);
};
