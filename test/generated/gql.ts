/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Agents {\n  agents(first: 100) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      id\n      agentId\n      name\n      names {\n        name\n        from\n        to\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.AgentsDocument,
    "query AgentsWithSessions {\n  agents(first: 10) {\n    nodes {\n      name\n      sessions(first: 3, orderBy: LOGIN_DESC) {\n        nodes {\n          loginTimestamp\n          end\n          endSource\n          durationSeconds\n          events(first: 10, orderBy: START_ASC) {\n            nodes {\n              start\n              end\n              eventType\n              state\n              presence\n              transfers {\n                toAgent {\n                  name\n                }\n                start\n                end\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}": typeof types.AgentsWithSessionsDocument,
    "query Capacity {\n  events(first: 20, filter: {eventType: {eq: AGENT_CAPACITY}}) {\n    nodes {\n      agent {\n        name\n      }\n      start\n      allocation\n      capacity {\n        load\n        capacity\n        allocation\n        channels {\n          voice\n          email\n          messaging\n          sms\n          workItem\n          other\n        }\n      }\n    }\n  }\n}": typeof types.CapacityDocument,
    "query EventsPage($first: Int = 50, $after: String, $filter: EventFilter) {\n  events(first: $first, after: $after, filter: $filter, orderBy: START_DESC) {\n    edges {\n      cursor\n      node {\n        eventId\n        agent {\n          name\n        }\n        start\n        end\n        endSource\n        durationSeconds\n        state\n        stateRaw\n        presence\n        direction\n        reason {\n          name\n          list {\n            name\n          }\n        }\n        revision\n        observedAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    streamCursor\n  }\n}": typeof types.EventsPageDocument,
    "query LongestAway {\n  events(\n    first: 20\n    orderBy: DURATION_DESC\n    filter: {state: {eq: AWAY}, durationSeconds: {gte: 600}, or: [{reason: {name: {contains: \"lunch\"}}}, {not: {reason: {name: {startsWith: \"meet\"}}}}]}\n  ) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      start\n      end\n      durationSeconds\n      reason {\n        name\n      }\n      previous {\n        state\n        start\n      }\n      next {\n        state\n        start\n      }\n    }\n  }\n}": typeof types.LongestAwayDocument,
    "query OpenSessions {\n  sessions(first: 50, orderBy: LOGIN_ASC, filter: {end: {isNull: true}}) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      began\n      lastEvent {\n        start\n        state\n        presence\n      }\n    }\n  }\n}": typeof types.OpenSessionsDocument,
    "query Reasons {\n  reasons {\n    name\n    reasonId\n    list {\n      name\n    }\n    firstSeen\n    lastSeen\n  }\n}": typeof types.ReasonsDocument,
    "query Transfers {\n  transfers(first: 20) {\n    nodes {\n      interactionId\n      fromAgent {\n        name\n      }\n      toAgent {\n        name\n        seen\n      }\n      start\n      end\n      durationSeconds\n      interaction {\n        broken\n        chain {\n          broken\n          transfer {\n            fromAgent {\n              name\n            }\n            toAgent {\n              name\n            }\n            start\n          }\n        }\n      }\n    }\n  }\n}": typeof types.TransfersDocument,
};
const documents: Documents = {
    "query Agents {\n  agents(first: 100) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      id\n      agentId\n      name\n      names {\n        name\n        from\n        to\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.AgentsDocument,
    "query AgentsWithSessions {\n  agents(first: 10) {\n    nodes {\n      name\n      sessions(first: 3, orderBy: LOGIN_DESC) {\n        nodes {\n          loginTimestamp\n          end\n          endSource\n          durationSeconds\n          events(first: 10, orderBy: START_ASC) {\n            nodes {\n              start\n              end\n              eventType\n              state\n              presence\n              transfers {\n                toAgent {\n                  name\n                }\n                start\n                end\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}": types.AgentsWithSessionsDocument,
    "query Capacity {\n  events(first: 20, filter: {eventType: {eq: AGENT_CAPACITY}}) {\n    nodes {\n      agent {\n        name\n      }\n      start\n      allocation\n      capacity {\n        load\n        capacity\n        allocation\n        channels {\n          voice\n          email\n          messaging\n          sms\n          workItem\n          other\n        }\n      }\n    }\n  }\n}": types.CapacityDocument,
    "query EventsPage($first: Int = 50, $after: String, $filter: EventFilter) {\n  events(first: $first, after: $after, filter: $filter, orderBy: START_DESC) {\n    edges {\n      cursor\n      node {\n        eventId\n        agent {\n          name\n        }\n        start\n        end\n        endSource\n        durationSeconds\n        state\n        stateRaw\n        presence\n        direction\n        reason {\n          name\n          list {\n            name\n          }\n        }\n        revision\n        observedAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    streamCursor\n  }\n}": types.EventsPageDocument,
    "query LongestAway {\n  events(\n    first: 20\n    orderBy: DURATION_DESC\n    filter: {state: {eq: AWAY}, durationSeconds: {gte: 600}, or: [{reason: {name: {contains: \"lunch\"}}}, {not: {reason: {name: {startsWith: \"meet\"}}}}]}\n  ) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      start\n      end\n      durationSeconds\n      reason {\n        name\n      }\n      previous {\n        state\n        start\n      }\n      next {\n        state\n        start\n      }\n    }\n  }\n}": types.LongestAwayDocument,
    "query OpenSessions {\n  sessions(first: 50, orderBy: LOGIN_ASC, filter: {end: {isNull: true}}) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      began\n      lastEvent {\n        start\n        state\n        presence\n      }\n    }\n  }\n}": types.OpenSessionsDocument,
    "query Reasons {\n  reasons {\n    name\n    reasonId\n    list {\n      name\n    }\n    firstSeen\n    lastSeen\n  }\n}": types.ReasonsDocument,
    "query Transfers {\n  transfers(first: 20) {\n    nodes {\n      interactionId\n      fromAgent {\n        name\n      }\n      toAgent {\n        name\n        seen\n      }\n      start\n      end\n      durationSeconds\n      interaction {\n        broken\n        chain {\n          broken\n          transfer {\n            fromAgent {\n              name\n            }\n            toAgent {\n              name\n            }\n            start\n          }\n        }\n      }\n    }\n  }\n}": types.TransfersDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Agents {\n  agents(first: 100) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      id\n      agentId\n      name\n      names {\n        name\n        from\n        to\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): (typeof documents)["query Agents {\n  agents(first: 100) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      id\n      agentId\n      name\n      names {\n        name\n        from\n        to\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query AgentsWithSessions {\n  agents(first: 10) {\n    nodes {\n      name\n      sessions(first: 3, orderBy: LOGIN_DESC) {\n        nodes {\n          loginTimestamp\n          end\n          endSource\n          durationSeconds\n          events(first: 10, orderBy: START_ASC) {\n            nodes {\n              start\n              end\n              eventType\n              state\n              presence\n              transfers {\n                toAgent {\n                  name\n                }\n                start\n                end\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query AgentsWithSessions {\n  agents(first: 10) {\n    nodes {\n      name\n      sessions(first: 3, orderBy: LOGIN_DESC) {\n        nodes {\n          loginTimestamp\n          end\n          endSource\n          durationSeconds\n          events(first: 10, orderBy: START_ASC) {\n            nodes {\n              start\n              end\n              eventType\n              state\n              presence\n              transfers {\n                toAgent {\n                  name\n                }\n                start\n                end\n              }\n            }\n          }\n        }\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Capacity {\n  events(first: 20, filter: {eventType: {eq: AGENT_CAPACITY}}) {\n    nodes {\n      agent {\n        name\n      }\n      start\n      allocation\n      capacity {\n        load\n        capacity\n        allocation\n        channels {\n          voice\n          email\n          messaging\n          sms\n          workItem\n          other\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query Capacity {\n  events(first: 20, filter: {eventType: {eq: AGENT_CAPACITY}}) {\n    nodes {\n      agent {\n        name\n      }\n      start\n      allocation\n      capacity {\n        load\n        capacity\n        allocation\n        channels {\n          voice\n          email\n          messaging\n          sms\n          workItem\n          other\n        }\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query EventsPage($first: Int = 50, $after: String, $filter: EventFilter) {\n  events(first: $first, after: $after, filter: $filter, orderBy: START_DESC) {\n    edges {\n      cursor\n      node {\n        eventId\n        agent {\n          name\n        }\n        start\n        end\n        endSource\n        durationSeconds\n        state\n        stateRaw\n        presence\n        direction\n        reason {\n          name\n          list {\n            name\n          }\n        }\n        revision\n        observedAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    streamCursor\n  }\n}"): (typeof documents)["query EventsPage($first: Int = 50, $after: String, $filter: EventFilter) {\n  events(first: $first, after: $after, filter: $filter, orderBy: START_DESC) {\n    edges {\n      cursor\n      node {\n        eventId\n        agent {\n          name\n        }\n        start\n        end\n        endSource\n        durationSeconds\n        state\n        stateRaw\n        presence\n        direction\n        reason {\n          name\n          list {\n            name\n          }\n        }\n        revision\n        observedAt\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    streamCursor\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query LongestAway {\n  events(\n    first: 20\n    orderBy: DURATION_DESC\n    filter: {state: {eq: AWAY}, durationSeconds: {gte: 600}, or: [{reason: {name: {contains: \"lunch\"}}}, {not: {reason: {name: {startsWith: \"meet\"}}}}]}\n  ) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      start\n      end\n      durationSeconds\n      reason {\n        name\n      }\n      previous {\n        state\n        start\n      }\n      next {\n        state\n        start\n      }\n    }\n  }\n}"): (typeof documents)["query LongestAway {\n  events(\n    first: 20\n    orderBy: DURATION_DESC\n    filter: {state: {eq: AWAY}, durationSeconds: {gte: 600}, or: [{reason: {name: {contains: \"lunch\"}}}, {not: {reason: {name: {startsWith: \"meet\"}}}}]}\n  ) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      start\n      end\n      durationSeconds\n      reason {\n        name\n      }\n      previous {\n        state\n        start\n      }\n      next {\n        state\n        start\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query OpenSessions {\n  sessions(first: 50, orderBy: LOGIN_ASC, filter: {end: {isNull: true}}) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      began\n      lastEvent {\n        start\n        state\n        presence\n      }\n    }\n  }\n}"): (typeof documents)["query OpenSessions {\n  sessions(first: 50, orderBy: LOGIN_ASC, filter: {end: {isNull: true}}) {\n    totalCount {\n      value\n      precision\n    }\n    nodes {\n      agent {\n        name\n      }\n      began\n      lastEvent {\n        start\n        state\n        presence\n      }\n    }\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Reasons {\n  reasons {\n    name\n    reasonId\n    list {\n      name\n    }\n    firstSeen\n    lastSeen\n  }\n}"): (typeof documents)["query Reasons {\n  reasons {\n    name\n    reasonId\n    list {\n      name\n    }\n    firstSeen\n    lastSeen\n  }\n}"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Transfers {\n  transfers(first: 20) {\n    nodes {\n      interactionId\n      fromAgent {\n        name\n      }\n      toAgent {\n        name\n        seen\n      }\n      start\n      end\n      durationSeconds\n      interaction {\n        broken\n        chain {\n          broken\n          transfer {\n            fromAgent {\n              name\n            }\n            toAgent {\n              name\n            }\n            start\n          }\n        }\n      }\n    }\n  }\n}"): (typeof documents)["query Transfers {\n  transfers(first: 20) {\n    nodes {\n      interactionId\n      fromAgent {\n        name\n      }\n      toAgent {\n        name\n        seen\n      }\n      start\n      end\n      durationSeconds\n      interaction {\n        broken\n        chain {\n          broken\n          transfer {\n            fromAgent {\n              name\n            }\n            toAgent {\n              name\n            }\n            start\n          }\n        }\n      }\n    }\n  }\n}"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;