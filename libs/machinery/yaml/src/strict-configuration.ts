import { parseYaml } from './read.js';

/** What a field holds: text, a truth, a list of something, or an object of fields. */
export type ConfigurationShape =
  | 'string'
  | 'boolean'
  | readonly [ConfigurationShape]
  | { readonly [field: string]: ConfigurationShape };

/** A kind of configuration files. */
export interface ConfigurationKind {
  readonly kind: string;
  /** API versions that are read alike. */
  readonly versions: readonly string[];
  /** Besides `apiVersion` and `kind`. */
  readonly fields: Readonly<Record<string, ConfigurationShape>>;
}

const LARGEST = 1024 * 1024;

/** A configuration that cannot be used; the message says where and why. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

const wordFor = (shape: ConfigurationShape): string =>
  typeof shape === 'string' ? shape : Array.isArray(shape) ? 'list' : 'object';

function complaintsOf(value: unknown, shape: ConfigurationShape, path: string, kind: string): string[] {
  if (value === undefined || value === null) return [];
  if (typeof shape === 'string') return typeof value === shape ? [] : [`${path}: expected ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path}: expected ${wordFor(shape)}`];
    return value.flatMap((item, index) =>
      complaintsOf(item, shape[0] as ConfigurationShape, `${path}[${index}]`, kind),
    );
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path || kind}: expected ${wordFor(shape)}`];
  return Object.entries(value).flatMap(([name, item]) => {
    const fields = shape as Readonly<Record<string, ConfigurationShape>>;
    const inner = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const at = path ? `${path}.${name}` : name;
    return inner ? complaintsOf(item, inner, at, kind) : [`unknown field "${at}"`];
  });
}

/** Nulls are as if they were not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}

function parse(text: string): Readonly<Record<string, unknown>> {
  if (text.length > LARGEST) throw new ConfigurationError(`a configuration is at most ${LARGEST} bytes`);
  try {
    const { value, repeated } = parseYaml(text);
    if (repeated.length > 0) throw new Error(repeated.join('; '));
    return (value ?? {}) as Record<string, unknown>;
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/** Reads a configuration in YAML or JSON, strictly; the types of its fields are the shape's. @throws ConfigurationError */
export function readConfiguration(text: string, { kind, versions, fields }: ConfigurationKind): unknown {
  const value = parse(text);
  if (value.kind !== kind || !versions.includes(String(value.apiVersion)))
    throw new ConfigurationError(`expected kind ${kind} of ${versions.join(', ')}`);
  const complaints = complaintsOf(value, { apiVersion: 'string', kind: 'string', ...fields }, '', kind);
  if (complaints.length > 0) throw new ConfigurationError(`strict decoding error: ${complaints.join(', ')}`);
  return withoutNulls(value);
}
