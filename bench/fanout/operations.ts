/** What the floor's own page asks for (web/floor/floor.ts), its cursor first: the clients read no further. */
export const FLOOR = `subscription Floor($after: Cursor, $filter: AgentStatusFilter) {
  stateChanges(after: $after, filter: $filter, batchSize: 500) {
    cursor phase freshThrough health
    changes {
      kind
      agent { agentId name }
      after { presence state since reason { name } direction }
    }
  }
}`;

/** As little as a program that keeps states needs. */
export const LEAN = `subscription Lean($after: Cursor) {
  stateChanges(after: $after, batchSize: 1000) {
    cursor
    changes { kind agent { agentId } after { state since } }
  }
}`;

/** Both versions, with what stands around them. */
export const RICH = `subscription Rich($after: Cursor) {
  stateChanges(after: $after, batchSize: 1000) {
    cursor phase freshThrough completeThrough health
    changes {
      kind observedAt
      agent { agentId name }
      before { presence state since reason { name } }
      after { presence state allocation direction since certainty reason { reasonId name } session { sessionId } }
    }
  }
}`;
