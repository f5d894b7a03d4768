import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { PostgresServer } from './postgres-server.js';

let shared: Promise<PostgresServer> | undefined;

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database on a server that is started once per test process and ends with it. */
export async function freshDatabase(): Promise<FreshDatabase> {
  shared ??= PostgresServer.start();
  const server = await shared;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server, `create database ${name}`);
  return { url: server.url(name), drop: () => execute(server, `drop database if exists ${name} with (force)`) };
}

async function execute(server: PostgresServer, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
