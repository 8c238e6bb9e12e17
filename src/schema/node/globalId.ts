const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Types that `node` finds, and how what is behind `Type:` looks. */
const nodeTypes: Readonly<Record<string, RegExp>> = {
  Agent: new RegExp(`^${uuid}$`),
  Session: new RegExp(`^${uuid}$`),
  Event: new RegExp(`^${uuid}$`),
  Transfer: new RegExp(`^(${uuid}/){3}\\d+$`),
};

export type GlobalId = { typename: string; id: string };

export const encodeGlobalId = (typename: string, id: string): string =>
  Buffer.from(`${typename}:${id}`).toString('base64');

/** Null for what the gateway never gave as an `id`. */
export const decodeGlobalId = (globalId: string): GlobalId | null => {
  const [typename = '', ...rest] = Buffer.from(globalId, 'base64').toString().split(':');
  const id = rest.join(':');
  if (!nodeTypes[typename]?.test(id)) return null;
  // Decoding skips what is no base64: only what would be encoded the same is taken.
  return encodeGlobalId(typename, id) === globalId ? { typename, id } : null;
};
