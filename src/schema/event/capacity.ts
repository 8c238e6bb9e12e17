import { allocationCodes } from '../../mirror/index.ts';
import type { CapacityGroup } from '../../upstream/index.ts';
import { builder } from '../builder.ts';
import { Allocation } from '../enums/coded.ts';

const channelNames = ['email', 'voice', 'workItem', 'messaging', 'sms'] as const;
const known = new Set<string>(channelNames);

export const Channels = builder.objectRef<Readonly<Record<string, number>>>('Channels').implement({
  description: 'Interactions in hand, by channel.',
  fields: (t) => {
    const channel = (name: (typeof channelNames)[number], what: string) =>
      t.float({
        description: `Number of ${what} in hand; null when upstream did not speak of them.`,
        resolve: (channels) => channels[name] ?? null,
      });
    return {
      email: channel('email', 'e-mails'),
      voice: channel('voice', 'calls'),
      workItem: channel('workItem', 'work items'),
      messaging: channel('messaging', 'message conversations'),
      sms: channel('sms', 'SMS conversations'),
      other: t.field({
        type: 'JSON',
        description: 'Numbers of channels beyond these five, by their name; null when there are none.',
        resolve: (channels) => {
          const others = Object.entries(channels).filter(([name]) => !known.has(name));
          return others.length > 0 ? Object.fromEntries(others) : null;
        },
      }),
    };
  },
});

export const Capacity = builder.objectRef<CapacityGroup>('Capacity').implement({
  description: 'One capacity group: channels that share a limit.',
  fields: (t) => ({
    channels: t.field({
      type: Channels,
      nullable: false,
      description: 'What the agent has in hand.',
      resolve: (group) => group.channels,
    }),
    allocation: t.field({
      type: Allocation.ref,
      description: 'How much of the group is in use; null when upstream did not say.',
      resolve: (group) => {
        if (group.allocation === null) return null;
        const codes: Readonly<Record<string, number>> = allocationCodes;
        const code = codes[group.allocation];
        return code === undefined ? 'UNKNOWN' : Allocation.nameOf(code);
      },
    }),
    allocationRaw: t.exposeString('allocation', {
      description: "How much of the group is in use, in upstream's own word; null when upstream did not say.",
    }),
    load: t.exposeFloat('load', {
      description:
        'Share of `capacity` in use, 0 to 1, as upstream works it out; null when upstream did not say.',
    }),
    capacity: t.exposeFloat('capacity', {
      description:
        'Interactions that the agent could have in hand in this group; null when upstream did not say.',
    }),
  }),
});

/** Groups as the mirror stores them. */
export const groupsOf = (text: string): CapacityGroup[] =>
  // Written by the mirror from parsed groups.
  JSON.parse(text) as CapacityGroup[];

/** What an agent has and could have in hand over all groups: the most of any, never the sum. */
export const capacityOf = (
  text: string,
): { channels: Record<string, number>; load: number | null; capacity: number | null } => {
  const groups = groupsOf(text);
  const channels = new Map<string, number>();
  for (const group of groups) {
    for (const [name, count] of Object.entries(group.channels)) {
      channels.set(name, Math.max(count, channels.get(name) ?? count));
    }
  }
  const most = (name: 'load' | 'capacity') =>
    groups.reduce<number | null>((max, group) => {
      const value = group[name];
      return value === null ? max : Math.max(value, max ?? value);
    }, null);
  return { channels: Object.fromEntries(channels), load: most('load'), capacity: most('capacity') };
};
