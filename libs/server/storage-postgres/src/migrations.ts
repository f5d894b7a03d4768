import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The repository's folder of migrations; `src` and `dist` are equally deep in it. */
export const MIGRATIONS_DIR = join(dirname(fileURLToPath(import.meta.url)), '../../../../migrations');

type MigrationClass = new () => MigrationInterface;

/** One TypeORM migration for each SQL file, in the order of their timestamps. */
export function loadMigrations(directory = MIGRATIONS_DIR): MigrationClass[] {
  const files = readdirSync(directory).filter((file) => /^\d{13}-[a-z-]+\.sql$/.test(file));
  return files.sort().map((file) => migrationOf(file, readFileSync(join(directory, file), 'utf8')));
}

function migrationOf(file: string, sql: string): MigrationClass {
  const [up = '', down = ''] = sql.split(/^-- down$/m);
  return class implements MigrationInterface {
    readonly name = migrationName(file);

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(up);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(down);
    }
  };
}

/** `1795219200000-sign-in.sql` is `SignIn1795219200000`, as TypeORM wants it: the timestamp last. */
function migrationName(file: string): string {
  const [timestamp = '', ...words] = file.replace(/\.sql$/, '').split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('') + timestamp;
}
