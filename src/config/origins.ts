import type { Refuse } from './settings.ts';

/** RTA_ALLOWED_ORIGINS. */
export const readOrigins = (text: string | null, refuse: Refuse): string[] => {
  const origins: string[] = [];
  for (const entry of text?.split(',').map((one) => one.trim()) ?? []) {
    if (URL.canParse(entry) && new URL(entry).origin === entry) origins.push(entry);
    else refuse('RTA_ALLOWED_ORIGINS', `"${entry}" is no origin; write e.g. https://wallboard.example`);
  }
  return origins;
};
