import type { GraphQLError } from 'graphql';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
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

/**
 * Verifies signature, issuer, audience, `nbf` and `exp` (demanded: a token without an end would stream for ever).
 * The claim `tenant_id` (or `tenant`) binds the token to one tenant.
 */
export const createJwtVerifier = (settings: JwtSettings, clock: Clock, log: Logger) => {
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
      const tenantId = payload['tenant_id'] ?? payload['tenant'] ?? null;
      return {
        viewer: { kind: 'JWT', subject: String(payload.sub), expiresAtMs: Number(payload.exp) * 1000 },
        tenantId: typeof tenantId === 'string' ? tenantId : null,
      };
    } catch (error) {
      return { error: refusal(error, log) };
    }
  };
};
