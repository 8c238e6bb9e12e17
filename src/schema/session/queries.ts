import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { Session } from '../refs.ts';
import { SessionFilter } from './filter.ts';
import { SessionConnection, SessionOrderBy, sessionList } from './list.ts';
import { loadSession } from './loader.ts';

builder.queryFields((t) => ({
  session: t.field({
    type: Session,
    nullable: true,
    description: 'One session; null when no record speaks of it.',
    args: {
      sessionId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the session." }),
    },
    resolve: (_root, { sessionId }, context) => loadSession(sessionId, context),
  }),
  sessions: t.field({
    type: SessionConnection,
    nullable: false,
    description: 'Sessions of all agents.',
    args: {
      ...pageArguments(t.arg),
      filter: filterArgument(t.arg, SessionFilter),
      orderBy: t.arg({ type: SessionOrderBy, defaultValue: 'LOGIN_DESC', description: 'In which order.' }),
    },
    resolve: (_root, args, context) => resolveList(sessionList, args, context),
  }),
}));
