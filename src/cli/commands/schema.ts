import { printSchema } from 'graphql';
import { createSchema } from '../../schema/index.ts';
import type { Command } from '../command.ts';

export const schema: Command = {
  options: {},
  async run(_values, shell) {
    shell.print(printSchema(createSchema()));
    return 0;
  },
};
