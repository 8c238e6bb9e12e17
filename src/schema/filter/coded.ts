import { AgentState, Allocation, Direction, EventType, Presence } from '../enums/coded.ts';
import { comparison, type FilterField } from './filter.ts';
import { codedOperators, stringOperators } from './operators.ts';

const operators = {
  eventType: codedOperators('EventTypeFilter', EventType),
  state: codedOperators('AgentStateFilter', AgentState),
  presence: codedOperators('PresenceFilter', Presence),
  allocation: codedOperators('AllocationFilter', Allocation),
  direction: codedOperators('DirectionFilter', Direction),
};

const about = {
  eventType: 'What made upstream write the record',
  state: 'What the agent does',
  presence: 'Whether the agent takes interactions',
  allocation: "How much of the agent's capacity is in use",
  direction: 'Who began the interaction in hand',
};

/** An enumeration and the raw string beside it. */
export const codedFields = (...names: (keyof typeof operators)[]): Record<string, FilterField> =>
  Object.fromEntries(
    names.flatMap((name) => [
      [name, comparison(operators[name], name, `${about[name]}.`)],
      [`${name}Raw`, comparison(stringOperators, `${name}Raw`, `${about[name]}, in upstream's own word.`)],
    ]),
  );
