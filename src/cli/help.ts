// Not through the door: what reads settings loads much, and help must be there at once.
import { settingHelp } from '../config/settingTable.ts';
import type { Command, CommandEntry } from './command.ts';

const columns = (rows: readonly [string, string][], width: number): string[] =>
  rows.map(([left, right]) =>
    left.length < width ? `  ${left.padEnd(width)}${right}` : `  ${left}\n  ${''.padEnd(width)}${right}`,
  );

export const generalHelp = (commands: readonly CommandEntry[]): string =>
  [
    "rta-gateway: GraphQL over a contact centre's real-time adherence feed",
    '',
    'Usage: rta-gateway [command] [options]',
    '',
    'Commands',
    ...columns(
      commands.map(({ name, summary }) => [name, summary]),
      12,
    ),
    '',
    '  rta-gateway <command> --help tells the options of one command.',
    '',
    'Settings (environment; defaults in parentheses)',
    ...columns(settingHelp, 22),
  ].join('\n');

export const commandHelp = ({ name, summary }: CommandEntry, { options }: Command): string => {
  const rows = Object.entries(options).map(
    ([option, { placeholder, description, default: fallback }]): [string, string] => [
      `--${option}${placeholder ? ` <${placeholder}>` : ''}`,
      fallback === undefined ? description : `${description} (${fallback})`,
    ],
  );
  return [
    `rta-gateway ${name}: ${summary}`,
    ...(rows.length > 0 ? ['', 'Options', ...columns(rows, 30)] : ['', 'No options.']),
  ].join('\n');
};
