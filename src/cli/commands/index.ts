import type { Command } from '../command.ts';
import { schema } from './schema.ts';
import { serve } from './serve.ts';
import { simulate } from './simulate.ts';

/** Every command; the first is the default. */
export const commands: readonly [Command, ...Command[]] = [serve, simulate, schema];
