import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { formatYaml, parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from './layout.js';
import { writeOnce, writePrivate } from './write-file.js';

type Place = Pick<DataDir, 'encryption'>;

interface Key {
  readonly name: string;
  readonly secret: string;
}

const KEY_BYTES = 32;

/** By when it was made, in seconds, so that the order of keys is seen. */
function newKey(now: number): Key {
  const name = `key-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
  return { name, secret: randomBytes(KEY_BYTES).toString('base64') };
}

/** Secrets are sealed by the first key; what was written before there was one is read as it is. */
function textOf(keys: readonly Key[]): string {
  const providers = [{ aesgcm: { keys } }, { identity: {} }];
  const configuration = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: ['secrets'], providers }],
  };
  return `# Without these keys nobody reads the Secrets of this cluster or of its backups. Keep a copy apart from them.\n${formatYaml(configuration)}`;
}

/** Makes the key of an installation that has none. */
export function prepareEncryption({ encryption }: Place, now: number): void {
  writeOnce(encryption, textOf([newKey(now)]));
}

function keysIn({ encryption }: Place): readonly Key[] {
  interface Entry {
    readonly providers?: ReadonlyArray<{ readonly aesgcm?: { readonly keys?: readonly Key[] } }>;
  }
  const { resources = [] } = parseYaml(readFileSync(encryption, 'utf8')).value as { resources?: readonly Entry[] };
  const [{ providers = [] } = {}, ...more] = resources;
  const keys = providers[0]?.aesgcm?.keys;
  if (keys && more.length === 0) return keys;
  throw new ConfigError(
    `${encryption} is not as "binnacle up" wrote it; put the new key in front of the others by hand`,
  );
}

/**
 * Puts a new key in front of those there are; answers its name. An API server that knows the file sees it within ten seconds, and
 * at once where it meets something sealed by it.
 */
export function addKey(place: Place, now: number): string {
  if (!existsSync(place.encryption))
    throw new ConfigError(`there is no ${place.encryption}; start the cluster once with "binnacle up"`);
  const key = newKey(now);
  const keys = keysIn(place);
  if (keys.some(({ name }) => name === key.name)) throw new ConfigError('a key was made this very second; try again');
  writePrivate(place.encryption, textOf([key, ...keys]));
  return key.name;
}
