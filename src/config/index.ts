/** Settings from the environment and an optional JSON file, parsed once at the border. */
export { formatDuration, parseDurationMs } from './duration.ts';
export {
  type Environment,
  readSettings,
  type SettingsRead,
  SIMULATED_TENANT,
  settingNames,
} from './readSettings.ts';
export type { Secret } from './secret.ts';
export type { LogLevel, SettingError, Settings, TenantSettings, UpstreamSettings } from './settings.ts';
