import { GraphQLError } from 'graphql';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../clock/clock.ts';
import { clientError } from '../../schema/errors.ts';
import type { Logger } from '../logger.ts';
import type { JwtSettings } from '../settings.ts';
import type { Identity } from './authenticate.ts';

/** Asymmetric only: with a JWKS of public keys an HMAC token would be signed with what everybody may read. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const refusal = (error: unknown, log: Logger): GraphQLError => {
  if (error instanceof errors.JWTExpired) return clientError('TOKEN_EXPIRED', 'The token has expired.');
  const ownFault =
    error instanceof errors.JWKSTimeout ||
    !(error instanceof errors.JOSEError) ||
    // jose's bare error: the key set answered, but not with a key set.
    error.code === 'ERR_JOSE_GENERIC' ||
    error.code === 'ERR_JWKS_INVALID';
  if (ownFault) {
    log.error({ err: error }, 'the key set that verifies tokens cannot be read');
    return clientError('NOT_READY', 'Tokens cannot be verified at the moment. Try again later.');
  }
  return clientError('UNAUTHENTICATED', 'The token is not valid here.');
};

const tenantClaims = ['tenant_id', 'tenant'];

/** The tenant that a token names; null: none. A claim that is there and no name is an error: it must not open all. */
const tenantOf = (payload: JWTPayload): string | null | GraphQLError => {
  const claim = tenantClaims.find((name) => payload[name] !== undefined);
  if (claim === undefined) return null;
  const tenantId = payload[claim];
  return typeof tenantId === 'string' && tenantId !== ''
    ? tenantId
    : clientError('FORBIDDEN', `The token's claim \`${claim}\` must be the id of one tenant.`);
};

/**
 * Verifies signature, issuer, audience, `nbf` and `exp` (demanded: a token without an end would stream for ever).
 * The claim `tenant_id` (or `tenant`) binds the token to one tenant; where there are several it is demanded too, as an
 * issuer that says nothing of tenants cannot have meant all of them.
 */
export const createJwtVerifier = (
  settings: JwtSettings,
  severalTenants: boolean,
  clock: Clock,
  log: Logger,
) => {
  const keySet = createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: 5_000 });
  return async (token: string): Promise<Identity | { error: GraphQLError }> => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        algorithms,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(clock.nowMs()),
        ...(settings.issuer === null ? {} : { issuer: settings.issuer }),
        ...(settings.audience === null ? {} : { audience: settings.audience }),
      });
      const tenantId = tenantOf(payload);
      if (tenantId instanceof GraphQLError) return { error: tenantId };
      if (tenantId === null && severalTenants) {
        return {
          error: clientError(
            'FORBIDDEN',
            'Several tenants are served here: the token must name one, in its claim `tenant_id`.',
          ),
        };
      }
      return {
        viewer: { kind: 'JWT', subject: String(payload.sub), expiresAtMs: Number(payload.exp) * 1000 },
        tenantId,
      };
    } catch (error) {
      return { error: refusal(error, log) };
    }
  };
};
