import { type CodedAttribute, codedAttributes, FIRST_UNKNOWN } from '../../mirror/index.ts';
import { builder } from '../builder.ts';

/** `not-ready` is NOT_READY. */
const enumName = (raw: string): string => raw.toUpperCase().replaceAll('-', '_');

/** An enumeration of the vendor's: the values known when this was written, and UNKNOWN for all others. */
export type CodedEnum = {
  ref: ReturnType<typeof defineRef>;
  attribute: CodedAttribute;
  /** GraphQL name of a code; null for an absent one. */
  nameOf(code: number | null): string | null;
  /** Code of a GraphQL name; null for UNKNOWN, which is every code from FIRST_UNKNOWN. */
  codeOf(name: string): number | null;
};

const defineRef = (name: string, description: string, values: Record<string, string>) =>
  builder.enumType(name, {
    description,
    values: Object.fromEntries(
      Object.entries(values).map(([value, about]) => [value, { description: about }]),
    ) as Record<string, { description: string }>,
  });

const define = (
  name: string,
  attribute: CodedAttribute,
  description: string,
  values: Record<string, string>,
): CodedEnum => {
  const codes = new Map<string, number>(
    Object.entries(codedAttributes[attribute]).map(([raw, code]) => [enumName(raw), code]),
  );
  const names = new Map([...codes].map(([value, code]) => [code, value]));
  for (const value of codes.keys()) {
    if (!(value in values)) throw new Error(`${name}.${value} has no description`);
  }
  const raw = `${attribute}Raw`;
  const ref = defineRef(name, description, {
    ...values,
    UNKNOWN: `A value that this version does not know; \`${raw}\` has it, and \`mirror.schemaDrift\` lists it.`,
  });
  return {
    ref,
    attribute,
    nameOf: (code) =>
      code === null ? null : code >= FIRST_UNKNOWN ? 'UNKNOWN' : (names.get(code) ?? 'UNKNOWN'),
    codeOf: (value) => codes.get(value) ?? null,
  };
};

export const EventType = define('EventType', 'eventType', 'What made upstream write the record.', {
  AGENT_SESSION_START: 'The agent logged in.',
  AGENT_CAPACITY: 'What the agent has in hand, or could take, changed.',
  AGENT_READY: 'The agent became ready to take interactions.',
  AGENT_NOT_READY: 'The agent became not ready.',
});

export const AgentState = define('AgentState', 'state', 'What the agent is doing.', {
  IDLE: 'Waiting for an interaction.',
  BUSY: 'Working on at least one interaction.',
  AWAY: 'Logged in, and not to be given interactions.',
  OFFLINE: 'Not logged in.',
});

export const Presence = define('Presence', 'presence', 'Whether the agent takes interactions.', {
  READY: 'Takes interactions.',
  NOT_READY: 'Logged in, takes none.',
  OFFLINE: 'Not logged in.',
});

export const Allocation = define('Allocation', 'allocation', "How much of the agent's capacity is in use.", {
  NOT_ALLOCATED: 'None.',
  ALLOCATED: 'Some.',
  FULLY_ALLOCATED: 'All: the agent can take no more.',
});

export const Direction = define('Direction', 'direction', 'Who began the interaction in hand.', {
  INBOUND: 'The customer.',
  OUTBOUND: 'The contact centre.',
  AGENT_INITIATED: 'The agent.',
});
