import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
  typeInvalid,
} from '@binnacle/machinery-validation';

export interface EncryptionKey {
  readonly name: string;
  /** 16, 24 or 32 bytes. */
  readonly secret: Buffer;
}

/** How bodies are written; `identity` leaves them as they are. */
export type Provider =
  | { readonly kind: 'aesgcm'; readonly keys: readonly EncryptionKey[] }
  | { readonly kind: 'identity' };

/** The first provider of the first entry that names a resource writes; keys of all may have written before. */
export interface EncryptionConfiguration {
  readonly entries: ReadonlyArray<{ readonly resources: readonly string[]; readonly providers: readonly Provider[] }>;
}

export type ReadEncryption =
  | { readonly configuration: EncryptionConfiguration; readonly errors?: undefined }
  | { readonly errors: readonly FieldError[] };

const VERSIONS = ['apiserver.config.k8s.io/v1', 'v1'];
const KINDS = ['EncryptionConfiguration', 'EncryptionConfig'];
const KEY_LENGTHS = [16, 24, 32];
/** It stands in front of every body, and is told apart from what follows by a colon. */
const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

class Reading {
  readonly errors: FieldError[] = [];

  list(value: unknown, path: FieldPath): unknown[] {
    if (Array.isArray(value) && value.length > 0) return value;
    if (value === undefined || Array.isArray(value)) this.errors.push(required(path));
    else this.errors.push(typeInvalid(path, '<a value>', 'must be a list'));
    return [];
  }

  entry(value: unknown, path: FieldPath) {
    const tree = isTree(value) ? value : {};
    const providers = this.list(tree.providers, path.child('providers'));
    return {
      resources: this.list(tree.resources, path.child('resources')).map(String),
      providers: providers.flatMap((one, at) => this.provider(one, path.child('providers').index(at)) ?? []),
    };
  }

  private provider(value: unknown, path: FieldPath): Provider | undefined {
    const tree = isTree(value) ? value : {};
    const [kind = '', ...more] = Object.keys(tree);
    if (more.length > 0)
      this.errors.push(
        invalid(
          path,
          Object.keys(tree),
          'more than one provider specified in a single element, should split into different list elements',
        ),
      );
    if (kind === 'identity') return { kind };
    if (kind === 'aesgcm') {
      const keys = isTree(tree.aesgcm) ? tree.aesgcm.keys : undefined;
      return {
        kind,
        keys: this.list(keys, path.child(kind, 'keys')).flatMap((key, at) =>
          this.key(key, path.child(kind, 'keys').index(at)),
        ),
      };
    }
    this.errors.push(notSupported(path, kind, ['aesgcm', 'identity']));
    return undefined;
  }

  /** What is wrong is told without the secret. */
  private key(value: unknown, path: FieldPath): EncryptionKey[] {
    const tree = isTree(value) ? value : {};
    const name = String(tree.name ?? '');
    const secret = Buffer.from(String(tree.secret ?? ''), 'base64');
    if (!KEY_NAME.test(name))
      this.errors.push(invalid(path.child('name'), name, 'must be letters, digits, ".", "_" and "-"'));
    if (!KEY_LENGTHS.includes(secret.length))
      this.errors.push(
        invalid(
          path.child('secret'),
          'REDACTED',
          'secret is not of the expected length, must be 16, 24 or 32 bytes of base64',
        ),
      );
    return [{ name, secret }];
  }
}

/** Reads an EncryptionConfiguration, as decoded from YAML. */
export function readEncryptionConfiguration(value: unknown): ReadEncryption {
  const reading = new Reading();
  const tree = isTree(value) ? value : {};
  if (!KINDS.includes(String(tree.kind))) reading.errors.push(notSupported('kind', tree.kind, KINDS));
  if (!VERSIONS.includes(String(tree.apiVersion)))
    reading.errors.push(notSupported('apiVersion', tree.apiVersion, VERSIONS));
  const path = fieldPath('resources');
  const entries = reading.list(tree.resources, path).map((entry, at) => reading.entry(entry, path.index(at)));
  return reading.errors.length > 0 ? { errors: reading.errors } : { configuration: { entries } };
}
