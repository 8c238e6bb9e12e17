import type { IncomingHttpHeaders } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Clock } from '../../clock/clock.ts';
import type { Tenant, Viewer } from '../../schema/context.ts';
import { clientError } from '../../schema/errors.ts';
import type { Logger } from '../logger.ts';
import type { AuthSettings } from '../settings.ts';
import { createApiKeyRing } from './apiKeys.ts';
import { createJwtVerifier } from './jwt.ts';

/** What a caller shows, from HTTP headers or a WebSocket's connection parameters. */
export type Credentials = { authorization: string | null; apiKey: string | null; tenantId: string | null };

export type Admission = { ok: true; viewer: Viewer; tenant: Tenant } | Refused;

/** A viewer and the only tenant it may see; null: any. */
export type Identity = { viewer: Viewer; tenantId: string | null };

type Identified = ({ ok: true } & Identity) | Refused;

type Refused = { ok: false; error: GraphQLError };
type Maybe<Verdict> = Verdict | Promise<Verdict>;

export type Authenticator = {
  /** Binds a caller to a viewer and one tenant, before anything of its operation is read. */
  admit(credentials: Credentials): Maybe<Admission>;
  /** Whether a caller may see what concerns all tenants: status and metrics. */
  admitOperator(credentials: Credentials): Maybe<{ ok: true } | Refused>;
};

const single = (value: string | string[] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null;

export const credentialsOfHeaders = (headers: IncomingHttpHeaders): Credentials => ({
  authorization: headers.authorization ?? null,
  apiKey: single(headers['x-api-key']),
  tenantId: single(headers['x-tenant-id']),
});

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Connection parameters win over headers: a browser cannot set the headers of a WebSocket. */
export const credentialsOfSocket = (
  headers: IncomingHttpHeaders,
  params: Readonly<Record<string, unknown>> | undefined,
): Credentials => {
  const fromHeaders = credentialsOfHeaders(headers);
  return {
    authorization:
      text(params?.['authorization']) ?? text(params?.['Authorization']) ?? fromHeaders.authorization,
    apiKey: text(params?.['apiKey']) ?? fromHeaders.apiKey,
    tenantId: text(params?.['tenantId']) ?? fromHeaders.tenantId,
  };
};

const refuse = (code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'BAD_USER_INPUT', message: string): Refused => ({
  ok: false,
  error: clientError(code, message),
});

export const createAuthenticator = (
  settings: AuthSettings,
  tenants: ReadonlyMap<string, Tenant>,
  clock: Clock,
  log: Logger,
): Authenticator => {
  const keys = createApiKeyRing(settings.apiKeys);
  const verifyJwt = settings.jwt ? createJwtVerifier(settings.jwt, tenants.size > 1, clock, log) : null;
  const open = settings.apiKeys.length === 0 && !verifyJwt;

  const bind = (identity: Identity, askedTenantId: string | null): Admission => {
    if (identity.tenantId !== null && askedTenantId !== null && identity.tenantId !== askedTenantId) {
      return refuse('FORBIDDEN', 'These credentials open another tenant.');
    }
    const tenantId =
      identity.tenantId ?? askedTenantId ?? (tenants.size === 1 ? [...tenants.keys()][0] : null);
    if (!tenantId)
      return refuse('BAD_USER_INPUT', 'Several tenants are served here: say which by `X-Tenant-Id`.');
    const tenant = tenants.get(tenantId);
    // The same words for "does not exist" and "not yours": names of tenants are not for guessing.
    if (!tenant) return refuse('FORBIDDEN', 'These credentials do not open this tenant.');
    return { ok: true, viewer: identity.viewer, tenant };
  };

  const identify = (credentials: Credentials): Maybe<Identified> => {
    if (open) return { ok: true, viewer: { kind: 'OPEN' }, tenantId: null };
    const bearer = /^bearer +(\S+)$/i.exec(credentials.authorization ?? '')?.[1] ?? null;
    const key = credentials.apiKey ?? bearer;
    if (key === null) {
      return refuse(
        'UNAUTHENTICATED',
        'Show an API key or a token: `Authorization: Bearer …` or `X-Api-Key: …`.',
      );
    }
    const identity = keys.find(key);
    if (identity) return { ok: true, ...identity };
    if (!verifyJwt || bearer === null) return refuse('UNAUTHENTICATED', 'This API key is not known.');
    return verifyJwt(bearer).then((verdict) =>
      'error' in verdict ? { ok: false, error: verdict.error } : { ok: true, ...verdict },
    );
  };

  const operatorOnly = (identified: Identified): { ok: true } | Refused => {
    if (!identified.ok) return identified;
    if (identified.tenantId === null || tenants.size === 1) return { ok: true };
    return refuse('FORBIDDEN', 'These credentials open one tenant; this concerns all.');
  };

  return {
    admit(credentials) {
      const identified = identify(credentials);
      const admit = (identity: Identified) => (identity.ok ? bind(identity, credentials.tenantId) : identity);
      // No promise where none is needed: keys are the common case, and this is on the path of every request.
      return identified instanceof Promise ? identified.then(admit) : admit(identified);
    },
    admitOperator(credentials) {
      const identified = identify(credentials);
      return identified instanceof Promise ? identified.then(operatorOnly) : operatorOnly(identified);
    },
  };
};
