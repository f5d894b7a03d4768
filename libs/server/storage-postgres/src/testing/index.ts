export { type FreshDatabase, freshDatabase } from './fresh-database.js';
export { PostgresServer, type PostgresServerOptions, postgresUser } from './postgres-server.js';
export { type Standby, startStandby } from './standby.js';
