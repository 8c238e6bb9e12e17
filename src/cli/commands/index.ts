import type { Command } from '../command.ts';
import { backfill } from './backfill.ts';
import { doctor } from './doctor.ts';
import { exportEvents } from './export.ts';
import { schema } from './schema.ts';
import { serve } from './serve.ts';
import { simulate } from './simulate.ts';
import { verify } from './verify.ts';

/** Every command; the first is the default. */
export const commands: readonly [Command, ...Command[]] = [
  serve,
  simulate,
  backfill,
  verify,
  exportEvents,
  schema,
  doctor,
];
