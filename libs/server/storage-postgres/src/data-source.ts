import pg from 'pg';
import { DataSource } from 'typeorm';
import { NewerSchemaError } from './errors.js';
import { loadMigrations } from './migrations.js';
import { clientOf, PATIENCE, type Primary, PrimaryPool } from './primary-pool.js';

/** The same for every release, so that replicas of different releases never migrate together. */
const MIGRATION_LOCK = 4_902_310_761;

/** The TypeORM data source: migrations, accounts, sessions and clusters; the log itself goes around it. */
export function makeDataSource(primary: Primary, patience = PATIENCE): DataSource {
  const { host, port } = primary.host;
  const { database, user } = primary.address;
  return new DataSource({
    type: 'postgres',
    host,
    port,
    database,
    ...(user && { username: user }),
    migrations: loadMigrations(),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    driver: driverFor(primary, patience),
  });
}

/** TypeORM's pool, too, has to follow the primary. */
function driverFor(primary: Primary, patience: number) {
  class Pool extends PrimaryPool {
    constructor() {
      super(primary, { max: 4, patience, applicationName: 'binnacle data source' });
    }
  }
  return { ...pg, Pool, Client: clientOf(primary, patience) };
}

/** Brings the schema forward, one replica at a time. Throws `NewerSchemaError` where it is ahead of this program. */
export async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  await runner.connect();
  try {
    // Another replica may migrate much; what a migration locks, everybody waits for.
    await runner.query('set lock_timeout = 0');
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner.query(`set lock_timeout = ${PATIENCE}`);
    await refuseNewerSchema(source);
    await source.runMigrations();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}

/** Throws `NewerSchemaError` where the database knows migrations this program does not. */
export async function refuseNewerSchema(source: DataSource): Promise<void> {
  const [table] = (await source.query("select to_regclass('migrations') as name")) as { name: string | null }[];
  if (!table?.name) return;
  const applied = (await source.query('select name from migrations order by id')) as { name: string }[];
  const known = new Set(source.migrations.map((migration) => migration.name));
  const unknown = applied.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new NewerSchemaError(unknown);
}
