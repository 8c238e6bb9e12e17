import { findSessions, packId, unpackId } from '../../mirror/index.ts';
import { builder } from '../builder.ts';
import { filterArgument, pageArguments, resolveList } from '../connection/field.ts';
import { inOrder } from '../node/inOrder.ts';
import { Session } from '../refs.ts';
import { SessionFilter } from './filter.ts';
import { SessionConnection, SessionOrderBy, sessionList } from './list.ts';

builder.queryFields((t) => ({
  session: t.loadable({
    type: Session,
    nullable: true,
    description: 'One session; null when no record speaks of it.',
    args: {
      sessionId: t.arg({ type: 'UUID', required: true, description: "Upstream's id of the session." }),
    },
    load: (ids: string[], { tenant }) =>
      Promise.resolve(
        inOrder(ids, findSessions(tenant.mirror, ids.map(packId)), (one) =>
          unpackId(one.sessionId),
        ) as never[],
      ),
    resolve: (_root, { sessionId }) => sessionId,
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
    resolve: (_root, args, { tenant }) => resolveList(sessionList, args, tenant.mirror),
  }),
}));
