import type { Secret } from './secret.ts';

/** Where a tenant's records come from. SIMULATOR: nothing is configured, the built-in one stands in. */
export type UpstreamSettings =
  | { kind: 'SIMULATOR' }
  | {
      kind: 'HTTP';
      baseUrl: string;
      /** The password would travel in the clear, to another machine. */
      insecure: boolean;
      username: string;
      password: Secret;
    };

export type TenantSettings = {
  tenantId: string;
  upstream: UpstreamSettings;
  /** The mirror's file. */
  database: string;
};

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Everything that can be set, checked. Durations in milliseconds. */
export type Settings = {
  tenants: TenantSettings[];
  host: string;
  port: number;
  pollIntervalMs: number;
  settleMs: number;
  lookbackMs: number;
  backfillMs: number;
  /** null: one answer a window. */
  pageLimit: number | null;
  requestTimeoutMs: number;
  retentionMs: number;
  changeRetentionMs: number;
  apiKeys: { name: string; sha256hex: string; tenantId: string | null }[];
  jwt: { jwksUrl: string; issuer: string | null; audience: string | null } | null;
  allowedOrigins: string[];
  logLevel: LogLevel;
  logFormat: 'json' | 'pretty';
};

/** One mistake in the settings: the setting's name and what is wrong with it. */
export type SettingError = { setting: string; problem: string };

/** Notes a mistake. The problem reads on after the setting's name. */
export type Refuse = (setting: string, problem: string) => void;
