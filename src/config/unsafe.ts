import { isLoopback } from './loopback.ts';
import type { Settings } from './settings.ts';

// What must not happen by accident, as it reads on after the name of the setting.

/** HOST, where nobody has to show credentials; null for loopback, which only this machine reaches. */
export const openHostProblem = (host: string): string | null =>
  isLoopback(host)
    ? null
    : `${host} would serve everybody, as no auth is configured; set RTA_API_KEYS or RTA_JWKS_URL, or pass --insecure`;

/** RTA_UPSTREAM_URL, where it is http to another machine. */
export const clearTextProblem = (baseUrl: string): string =>
  `${baseUrl} would carry the password in the clear; use https, or pass --insecure`;

export const hasAuth = ({ apiKeys, jwt }: Pick<Settings, 'apiKeys' | 'jwt'>): boolean =>
  apiKeys.length > 0 || jwt !== null;
