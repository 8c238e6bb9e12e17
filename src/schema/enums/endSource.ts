import {
  type EndSource,
  endSourceCodes,
  namesOf,
  type SessionEndSource,
  sessionEndSourceCodes,
} from '../../mirror/index.ts';
import { builder } from '../builder.ts';

export const EventEndSource = builder.enumType('EventEndSource', {
  description: 'Where the end of an event comes from, best first; a better source revises a worse one.',
  values: {
    REPORTED: { description: 'Upstream gave it.' },
    NEXT_EVENT_ID: { description: 'The time inside the version-1 id of the event that follows.' },
    SUCCESSOR: { description: "The start of the agent's next event in the session." },
    SUPERSEDED: { description: 'A newer session of the agent began.' },
    OPEN: { description: 'There is no end yet.' },
  },
});

export const SessionEndSourceEnum = builder.enumType('SessionEndSource', {
  description: 'How the end of a session was inferred: no record says that an agent logged out.',
  values: {
    OPEN: { description: 'The session goes on, as far as is known.' },
    SUPERSEDED: { description: 'A newer session of the agent began.' },
    LAST_EVENT_ENDED: { description: 'Its last event ended, and none followed.' },
    OFFLINE_EVENT: { description: 'An event said that the agent is offline.' },
  },
});

const eventEndSources = namesOf(endSourceCodes);
const sessionEndSources = namesOf(sessionEndSourceCodes);
export const eventEndSourceOf = (code: number): EndSource => eventEndSources.get(code) ?? 'OPEN';
export const sessionEndSourceOf = (code: number): SessionEndSource => sessionEndSources.get(code) ?? 'OPEN';
