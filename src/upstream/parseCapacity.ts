import { isJsonObject } from './rawJson.ts';
import type { CapacityGroup } from './record.ts';

const VENDOR_CHANNELS = ['voice', 'messaging', 'email', 'sms', 'workItem'] as const;
const isVendorChannel = (name: string): boolean => VENDOR_CHANNELS.some((known) => known === name);

/** What can be read of a capacity; `whole` is false when any part of it had to be left out. */
export const parseCapacity = (value: unknown): { groups: CapacityGroup[] | null; whole: boolean } => {
  if (!Array.isArray(value)) return { groups: null, whole: false };
  const groups: CapacityGroup[] = [];
  let whole = true;
  for (const item of value) {
    if (!isJsonObject(item)) {
      whole = false;
      continue;
    }
    const group: CapacityGroup = { channels: {}, allocation: null, load: null, capacity: null };
    for (const name in item) {
      const part = item[name];
      if (part === null) continue;
      if (name === 'channels' && isJsonObject(part)) {
        const { channels, whole: allChannels } = usualChannels(part) ?? parseChannels(part);
        group.channels = channels;
        whole &&= allChannels;
      } else if (name === 'allocation' && typeof part === 'string') {
        group.allocation = part;
      } else if (name === 'load' && isFiniteNumber(part)) {
        group.load = part;
      } else if (name === 'capacity' && isFiniteNumber(part)) {
        group.capacity = part;
      } else {
        whole = false;
      }
    }
    groups.push(group);
  }
  return { groups, whole };
};

type Channels = { channels: Record<string, number>; whole: boolean };

/** The vendor's five and no other, in the order of `parseChannels`: made at once, not grown name by name. */
const usualChannels = (given: Record<string, unknown>): Channels | null => {
  const { voice, messaging, email, sms, workItem } = given;
  if (!isFiniteNumber(voice) || !isFiniteNumber(messaging) || !isFiniteNumber(email)) return null;
  if (!isFiniteNumber(sms) || !isFiniteNumber(workItem)) return null;
  if (Object.keys(given).length > VENDOR_CHANNELS.length) return null;
  return { channels: { voice, messaging, email, sms, workItem }, whole: true };
};

/** In one order, whatever upstream's: the same capacity must not look like another one on the next read. */
const parseChannels = (given: Record<string, unknown>): Channels => {
  const channels: Record<string, number> = {};
  const others: [string, number][] = [];
  let whole = true;
  for (const name of VENDOR_CHANNELS) {
    const count = given[name];
    if (isFiniteNumber(count)) channels[name] = count;
    else if (count !== null && count !== undefined) whole = false;
  }
  for (const name of Object.keys(given)) {
    const count = given[name];
    if (isVendorChannel(name) || count === null) continue;
    if (isFiniteNumber(count)) others.push([name, count]);
    else whole = false;
  }
  if (others.length === 0) return { channels, whole };
  others.sort(([a], [b]) => (a < b ? -1 : 1));
  // fromEntries defines properties; assigning one called `__proto__` would lose it.
  return { channels: Object.fromEntries([...Object.entries(channels), ...others]), whole };
};

const isFiniteNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
