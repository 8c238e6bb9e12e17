import { unpackId } from '../../mirror/index.ts';
import { decodeGlobalId } from '../node/globalId.ts';
import { textInput } from './text.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const parseUuid = (written: string): string | null => {
  const text = written.toLowerCase();
  return UUID.test(text) ? text : null;
};

/** Both are called ids, and one is easily taken for the other. */
const refusal = (text: string | null): string => {
  const object = text === null ? null : decodeGlobalId(text);
  return object
    ? `This is the \`id\` of an object of type ${object.typename}, which \`node\` takes. UUID must be upstream's own id, as in \`agentId\`.`
    : 'UUID must be a string of 36 characters, like "0a62f710-04cd-11ea-b2ef-8f1a0e1b5a7c".';
};

/** A lower-case string inside, or the mirror's packed bytes, which are unpacked only when they are asked for. */
export const uuidScalar = {
  description: 'A UUID: out in lower case with dashes; in any case, with dashes.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
  serialize(value: unknown): string {
    if (Buffer.isBuffer(value)) return unpackId(value);
    if (typeof value === 'string') return value;
    throw new TypeError('not a UUID');
  },
  ...textInput(parseUuid, refusal),
};
