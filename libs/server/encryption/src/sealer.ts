import { type Key, KEY_SEPARATOR, splitResource, StorageError } from '@binnacle/server-storage';
import type { EncryptionConfiguration, EncryptionKey, Provider } from './configuration.js';
import { isSealed, keyNameOf, openBody, sealBody } from './sealed-body.js';

function isNamed(pattern: string, group: string, plural: string): boolean {
  if (pattern === '*.*') return true;
  if (pattern === (group ? `${plural}.${group}` : plural)) return true;
  return pattern.startsWith('*.') && pattern === `*.${group}`;
}

/** Without the logical cluster: a fork holds the same bodies, and a backup may come back under another name. */
const about = ({ resource, namespace, name }: Key): string => [resource, namespace, name].join(KEY_SEPARATOR);

/** What of the store is sealed, by which key. Its configuration may be replaced while it is used. */
export class Sealer {
  private readonly writers = new Map<string, EncryptionKey | undefined>();
  private keys: ReadonlyMap<string, readonly EncryptionKey[]> = new Map();

  constructor(
    private configuration: EncryptionConfiguration,
    /** Asked when a key is not known: whether there is another configuration by now. */
    private readonly reload: () => EncryptionConfiguration | undefined = () => undefined,
  ) {
    this.replace(configuration);
  }

  replace(configuration: EncryptionConfiguration): void {
    this.configuration = configuration;
    this.writers.clear();
    const keys = new Map<string, EncryptionKey[]>();
    for (const { providers } of configuration.entries)
      for (const key of providers.flatMap(keysOf)) keys.set(key.name, [...(keys.get(key.name) ?? []), key]);
    this.keys = keys;
  }

  /** The resources that it names, as the store does; undefined where it names others by a star. */
  get resources(): readonly string[] | undefined {
    const named = this.configuration.entries.flatMap(({ resources }) => resources);
    if (named.some((one) => one.startsWith('*'))) return undefined;
    return named.map((one) => {
      const dot = one.indexOf('.');
      return dot < 0 ? one : `${one.slice(dot + 1)}/${one.slice(0, dot)}`;
    });
  }

  /** The body as it is stored. */
  seal(key: Key, body: Buffer): Buffer {
    const writer = this.writer(key.resource);
    return writer ? sealBody(writer, about(key), body) : body;
  }

  /** The body as it was written. Rejects with `unavailable` what cannot be opened, and says why. */
  open(key: Key, body: Buffer): Buffer {
    if (!isSealed(body)) return body;
    const name = keyNameOf(body);
    for (const candidate of this.named(name)) {
      try {
        return openBody(candidate, about(key), body);
      } catch {
        // Another key of the same name, perhaps.
      }
    }
    throw unreadable(key, name, this.keys.has(name));
  }

  /** Whether a stored body is as it would be written now. */
  isCurrent(key: Key, body: Buffer): boolean {
    const writer = this.writer(key.resource);
    if (!isSealed(body)) return writer === undefined;
    return keyNameOf(body) === writer?.name;
  }

  private named(name: string): readonly EncryptionKey[] {
    const known = this.keys.get(name);
    if (known) return known;
    const other = this.reload();
    if (other) this.replace(other);
    return this.keys.get(name) ?? [];
  }

  private writer(resource: string): EncryptionKey | undefined {
    if (this.writers.has(resource)) return this.writers.get(resource);
    const { group, resource: plural } = splitResource(resource);
    const entry = this.configuration.entries.find(({ resources }) =>
      resources.some((one) => isNamed(one, group, plural)),
    );
    const [key] = entry?.providers[0] ? keysOf(entry.providers[0]) : [];
    this.writers.set(resource, key);
    return key;
  }
}

const keysOf = (provider: Provider): readonly EncryptionKey[] => (provider.kind === 'aesgcm' ? provider.keys : []);

function unreadable(key: Key, name: string, isKnown: boolean): StorageError {
  const what = `${key.resource} ${key.namespace}/${key.name}`;
  const why = isKnown
    ? `it was altered, or the key ${JSON.stringify(name)} is another than it was sealed by`
    : `it is sealed by the key ${JSON.stringify(name)}, which --encryption-provider-config does not have`;
  return new StorageError('unavailable', `${what} cannot be opened: ${why}`, { key });
}
