/**
 * GraphQL to the world: POST, GET and SSE on node's own HTTP, graphql-transport-ws beside it, one operation pipeline
 * under all three, and what an operator needs (probes, status, metrics, pages).
 *
 * A request passes, in this order: Origin and Host, credentials, tenant, size and type of the body, then the
 * pipeline (see pipeline/index.ts). What is refused tells its code; what fails unexpectedly tells only a request id.
 */
export { createGatewayServer, type GatewayParts, type GatewayServer } from './gateway.ts';
export type { Logger } from './logger.ts';
export type { TenantAccount } from './operate/account.ts';
export {
  type ApiKey,
  type AuthSettings,
  defaultServerSettings,
  type JwtSettings,
  type OperationLimits,
  type ServerSettings,
} from './settings.ts';
