import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions } from '@binnacle/process-config';

/**
 * The init container of the Postgres Pod: makes the database cluster on first start, and does nothing ever after.
 * It is built in a directory beside the final one, so that a start cut off half way leaves nothing to trip over.
 */
const options = readOptions(
  {
    'data-directory': { type: 'string', description: 'where the database lives', required: true },
    initdb: { type: 'string', description: 'path of the initdb program', required: true },
  },
  process.argv.slice(2),
  process.env,
);

const directory = options['data-directory'];
const done = join(directory, 'PG_VERSION');
if (existsSync(done) && existsSync(join(directory, 'global', 'pg_control'))) process.exit(0);

rmSync(directory, { recursive: true, force: true });
const flags = ['-D', directory, '-U', 'binnacle', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
const { status, error } = spawnSync(options.initdb, flags, { stdio: 'inherit' });
if (error) throw error;
process.exit(status ?? 1);
