import type { CommandEntry } from '../command.ts';

/** Every command; the first is the default. */
export const commands: readonly [CommandEntry, ...CommandEntry[]] = [
  {
    name: 'serve',
    summary: 'poll upstream and serve GraphQL (the default)',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'simulate',
    summary: "play the vendor's page over HTTP, with a made-up floor",
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    name: 'backfill',
    summary: 'read a range of the past into the mirror, while no gateway runs on it',
    load: async () => (await import('./backfill.ts')).backfill,
  },
  {
    name: 'verify',
    summary: 'read a range again upstream and hold the mirror against it; exit 1 when they differ',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'export',
    summary: 'print the events of the mirror, oldest first',
    load: async () => (await import('./export.ts')).exportEvents,
  },
  {
    name: 'schema',
    summary: 'print the GraphQL schema',
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'doctor',
    summary: 'look at the settings, the credentials, the clocks and the disk; exit 1 when something is wrong',
    load: async () => (await import('./doctor.ts')).doctor,
  },
];
