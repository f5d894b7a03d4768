import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { PostgresServer, postgresUser } from './postgres-server.js';

/** Belongs to the copied server's own run. */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot'];

/** A running server that streams from another and can take over from it. */
export interface Standby {
  readonly server: PostgresServer;
  /** Makes it the primary. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Copies a running server, as `pg_basebackup` does, which the embedded binaries lack; the server should be idle. */
export async function startStandby(primary: PostgresServer, name = 'standby'): Promise<Standby> {
  const root = mkdtempSync(join(tmpdir(), 'binnacle-pg-'));
  const dataDir = join(root, 'data');
  const label = await copyData(primary, dataDir);
  for (const file of LEFT_OUT) rmSync(join(dataDir, file), { recursive: true, force: true });
  for (const directory of ['pg_wal', 'pg_replslot']) own(join(dataDir, directory), mkdirSync);
  own(join(dataDir, 'backup_label'), (path) => writeFileSync(path, label));
  own(join(dataDir, 'standby.signal'), (path) => writeFileSync(path, ''));
  own(root, () => undefined);
  const settings = {
    primary_conninfo: `host=${primary.socketDir} user=postgres application_name=${name}`,
    wal_retrieve_retry_interval: '200ms',
  };
  const server = await PostgresServer.start({ dataDir, settings });
  return {
    server,
    promote: async () => void (await query(server, 'select pg_promote()')),
    stop: async () => {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Returns the label that tells the copy from where to replay. */
async function copyData(primary: PostgresServer, dataDir: string): Promise<string> {
  const client = new pg.Client({ connectionString: primary.url() });
  await client.connect();
  try {
    await client.query("select pg_backup_start('standby', true)");
    execFileSync('cp', ['-a', primary.dataDir, dataDir]);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    return rows[0]?.labelfile ?? '';
  } finally {
    await client.end();
  }
}

function own(path: string, make: (path: string) => void): void {
  make(path);
  const { uid, gid } = postgresUser();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

async function query(server: PostgresServer, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
