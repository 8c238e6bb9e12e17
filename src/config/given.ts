import type { SettingName } from './settingTable.ts';

/** One place where settings stand: the environment, the file, or one tenant of the file. */
export type SettingSource = {
  values: Readonly<Record<string, string | undefined>>;
  /** Names of which a mistake that is told already hides whether they are set: misspelt, unreadable, misplaced. */
  hidden: ReadonlySet<string>;
};

export const isSet = ({ values }: SettingSource, name: string): boolean => (values[name] ?? '').trim() !== '';

export const alsoHidden = (source: SettingSource, names: Iterable<string>): SettingSource => ({
  ...source,
  hidden: new Set([...source.hidden, ...names]),
});

/** What is set, whatever place it stands in. */
export type Given = {
  /** Trimmed; null where it is unset or blank. */
  text(name: SettingName): string | null;
  /** Surely not set. Every line that follows from an absence asks this first, or it would be a false one. */
  isUnset(name: SettingName): boolean;
};

/** The first source that sets a name wins. A blank text sets nothing: an empty variable does not hide the file's value. */
export const givenBy = (sources: readonly SettingSource[]): Given => {
  const text = (name: SettingName): string | null => {
    for (const { values } of sources) {
      const found = values[name]?.trim();
      if (found) return found;
    }
    return null;
  };
  return {
    text,
    isUnset: (name) => text(name) === null && !sources.some(({ hidden }) => hidden.has(name)),
  };
};
