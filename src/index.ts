/** What a program that embeds the gateway may rely on. */
export { parseConfig, type GatewayConfig, type SourceConfig } from './server/config.ts';
export { startGateway, type Gateway, type GatewayOptions } from './server/create-gateway.ts';
export { createLogger, type Logger, type LoggerOptions } from './server/log.ts';
export { buildGatewaySchema, printGatewaySchema } from './graphql/build-schema.ts';
export { buildGatewaySubgraph } from './graphql/federation/gateway-subgraph.ts';
export type { Subgraph } from './graphql/federation/federate.ts';
