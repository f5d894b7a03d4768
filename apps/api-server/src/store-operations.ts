import { createReadStream, readFileSync, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Context } from '@binnacle/machinery-context';
import { isDns1123Label } from '@binnacle/machinery-validation';
import { ConfigError, type Options, type OptionSpecs } from '@binnacle/process-config';
import { Sealer } from '@binnacle/server-encryption';
import {
  BackupError,
  createPostgresStorage,
  DatabaseUrlError,
  NewerSchemaError,
  PostgresAccounts,
  PostgresSessions,
  type PostgresStorage,
  type RewriteBody,
} from '@binnacle/server-storage-postgres';
import { draftOf, requireReplaceable } from './backup-file.js';
import { encryptionIn } from './encryption.js';

export const storeOptions = {
  'database-url': { type: 'string', required: true, description: 'Postgres everything is kept in' },
  file: { type: 'string', default: '', description: 'the backup' },
  clusters: { type: 'string', default: '', description: 'logical clusters, separated by commas; all by default' },
  as: { type: 'string', default: '', description: 'another name for the one cluster the backup holds' },
  account: { type: 'string', default: '', description: 'whose password it is' },
  scrypt: { type: 'string', default: '', description: 'the hash of its password, scrypt$N$r$p$salt$hash' },
  'encryption-provider-config': { type: 'string', default: '', description: 'EncryptionConfiguration of the store' },
  history: { type: 'boolean', default: true, description: 'back up the past as well as the present' },
} as const satisfies OptionSpecs;

type Settings = Options<typeof storeOptions>;
type Operation = (ctx: Context, storage: PostgresStorage, settings: Settings) => Promise<boolean>;

const say = (text: string) => process.stdout.write(`${text}\n`);

const UNWRITABLE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EEXIST', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENAMETOOLONG'];

/** A file under its final name is a whole backup: it is written beside it first. Only its owner may read it. */
const backup: Operation = async (ctx, storage, settings) => {
  const clusters = settings.clusters.split(',').filter(Boolean);
  const options = { withoutHistory: !settings.history, ...(clusters.length > 0 && { clusters }) };
  let draft: WriteStream | undefined;
  try {
    requireReplaceable(settings.file);
    draft = draftOf(settings.file);
    await pipeline(Readable.from(storage.backUp(ctx, options)), draft, { signal: ctx.signal });
    await rename(draft.path, settings.file);
  } catch (error) {
    // Not what was there before: then the draft was never opened.
    if (draft && (error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(draft.path, { force: true });
    if (!UNWRITABLE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new ConfigError(`${settings.file} cannot be written (${(error as Error).message}); choose another place`);
  }
  say(`wrote ${settings.file}`);
  return true;
};

/** Opened when it is read, so that a file that is not there fails the reader. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file);
}

const restore: Operation = async (ctx, storage, { file, as }) => {
  if (as && isDns1123Label(as).length > 0)
    throw new ConfigError(`"${as}" is no name of a logical cluster; use lower case letters, digits and "-"`);
  let renamed = 0;
  const rename = (cluster: string) => {
    renamed += 1;
    if (renamed > 1) throw new ConfigError('--as is for backups of one cluster; this one holds several');
    return as || cluster;
  };
  const report = await storage.restore(ctx, bytesOf(file), as ? { rename } : {});
  say(`restored ${report.clusters.join(', ')}: ${report.objects} objects, ${report.changes} changes`);
  if (report.sealedBy.length > 0)
    say(
      `· Secrets in it are sealed by ${report.sealedBy.join(', ')}: bring pki/encryption.yaml of where the backup was made as well, ` +
        'or add those keys to the one here, before the cluster starts',
    );
  return true;
};

const examine: Operation = async (ctx, storage) => {
  const report = await storage.examine(ctx);
  for (const { cluster, invariant, count, example } of report.findings) {
    say(
      `✗ store${cluster && `, cluster ${cluster}`}: it does not hold that ${invariant} (${count}, for example ${example})`,
    );
  }
  if (report.findings.length > 0) return false;
  say(`✓ store: ${report.clusters} clusters, ${report.objects} objects, ${report.changes} changes`);
  return true;
};

/** The account is made where it is missing; whoever is signed in with the old password no longer is. */
const password: Operation = async (ctx, { dataSource }, { account, scrypt }) => {
  if (!account || !scrypt) throw new ConfigError('--account and --scrypt are required');
  const accounts = new PostgresAccounts(dataSource);
  const known = (await accounts.find(ctx, account)) ?? { name: account, groups: ['system:masters'] };
  await accounts.save(ctx, { ...known, scrypt, mustChange: false });
  await new PostgresSessions(dataSource).removeOf(ctx, account);
  return true;
};

/** Begun again it goes on: what is as it would be written now is passed over. */
const reencrypt: Operation = async (ctx, storage, settings) => {
  const file = settings['encryption-provider-config'];
  if (!file) throw new ConfigError('--encryption-provider-config says by which key; give one');
  const sealer = new Sealer(encryptionIn(file, (path) => readFileSync(path, 'utf8')));
  const rewrite: RewriteBody = (key, body) =>
    sealer.isCurrent(key, body) ? undefined : sealer.seal(key, sealer.open(key, body));
  const { looked, written } = await storage.rewriteBodies(ctx, { resources: sealer.resources, rewrite });
  say(`✓ ${written} bodies written anew, of ${looked} that are kept`);
  return true;
};

/**
 * To have connected is nearly all: nothing is changed, and a database of a newer release has been refused. Tells whether
 * there are accounts already, because then no password may be made up for the first one.
 */
const probe: Operation = async (ctx, { dataSource }) => {
  say((await new PostgresAccounts(dataSource).any(ctx)) ? 'has accounts' : 'has no accounts');
  return true;
};

const OPERATIONS: Readonly<Record<string, Operation>> = { backup, restore, examine, password, probe, reencrypt };
const ON_FILES = ['backup', 'restore'];

/** Does one of the operations; tells whether all was well. */
export async function operate(ctx: Context, name: string, settings: Settings): Promise<boolean> {
  const operation = OPERATIONS[name];
  if (!operation) throw new ConfigError(`the operations are ${Object.keys(OPERATIONS).join(', ')}`);
  if (!settings.file && ON_FILES.includes(name)) throw new ConfigError('--file is required');
  const databaseUrl = settings['database-url'];
  const storage = await understood(
    createPostgresStorage(ctx, { databaseUrl, retention: false, migrate: name === 'restore' }),
  );
  try {
    return await understood(operation(ctx, storage, settings));
  } finally {
    await storage.close();
  }
}

const MENDS: Readonly<Record<string, string>> = {
  exists: '; restore into a new --data-dir or an empty database, or one cluster under another name with --as',
};

/** What an operator can mend is said in a sentence, without a stack. */
async function understood<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const isOurs = [BackupError, DatabaseUrlError, NewerSchemaError].some((kind) => error instanceof kind);
    const known = isOurs || ['unavailable', 'exists', 'unknownCluster'].some((it) => it === code);
    if (known || ['ENOENT', 'EACCES', 'ENOSPC'].includes(code))
      throw new ConfigError(`${(error as Error).message}${MENDS[code] ?? ''}`, { cause: error });
    throw error;
  }
}
