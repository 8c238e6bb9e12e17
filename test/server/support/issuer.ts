import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

export type Issuer = {
  sign(claims: object, expiresAtSeconds: number, issuer?: string): Promise<string>;
  jwt: { jwksUrl: string; issuer: string; audience: string };
  /** From now on it answers when what this returns is called. */
  holdBack(): () => void;
  /** How often its key set was asked for. */
  asked(): number;
};

/** An issuer with one key, and its key set over real HTTP. */
export const startIssuer = async (): Promise<Issuer> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  let gate: Promise<void> = Promise.resolve();
  let asked = 0;
  const server = createServer(async (_request, response) => {
    asked += 1;
    await gate;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    sign: (claims, expiresAtSeconds, issuer = 'https://issuer.example') =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .setSubject('sam')
        .setIssuer(issuer)
        .setAudience('rta')
        .setExpirationTime(Math.floor(expiresAtSeconds))
        .sign(privateKey),
    jwt: { jwksUrl: `http://127.0.0.1:${port}/jwks`, issuer: 'https://issuer.example', audience: 'rta' },
    asked: () => asked,
    holdBack() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
};
