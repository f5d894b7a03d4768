export { type CreatePostgresStorageOptions, createPostgresStorage } from './create-postgres-storage.js';
export { parseDatabaseUrl } from './database-url.js';
export { NewerSchemaError } from './errors.js';
export { PostgresStorage } from './postgres-storage.js';
export { PostgresAccounts, PostgresSessions } from './sign-in.js';
