import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** A line of the CHANGELOG's newest section that owns up to a breaking change: "- Breaking: `Event.end` …". */
const OWNED = /^- Breaking: `([^`]+)`/gm;

const newestSection = (changelog: string): string => changelog.split(/^## /m)[1] ?? '';

/** What clients of the released schema would trip over and the CHANGELOG does not own up to; a sentence each. */
export const brokenPromises = async (
  releasedSdl: string,
  sdl: string,
  changelog: string,
): Promise<string[]> => {
  const owned = new Set([...newestSection(changelog).matchAll(OWNED)].map(([, path]) => path));
  const changes = await diff(buildSchema(releasedSdl), buildSchema(sdl));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .filter(({ path }) => !owned.has(path))
    .map(({ path, message }) => `${path}: ${message}`);
};
