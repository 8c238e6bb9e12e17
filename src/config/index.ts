/** Settings from the environment and an optional JSON file, parsed once at the border. */
export { formatDuration, parseDurationMs } from './duration.ts';
export type { Environment } from './environment.ts';
export { type ReadOptions, readSettings, type SettingsRead } from './readSettings.ts';
export { SIMULATED_TENANT } from './readTenant.ts';
export type { Secret } from './secret.ts';
export type { LogLevel, SettingError, Settings, TenantSettings, UpstreamSettings } from './settings.ts';
export { clearTextProblem, hasAuth, openHostProblem } from './unsafe.ts';
