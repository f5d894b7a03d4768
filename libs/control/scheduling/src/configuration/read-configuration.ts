import { parseYaml, YamlSyntaxError } from '@binnacle/machinery-yaml';
import { takesArgs, withDefaults } from './defaults.js';
import type { RawConfiguration } from './raw.js';
import { shapeFaults } from './shape.js';
import { ARGS_SHAPES, CONFIGURATION_SHAPE } from './shapes.js';
import { API_VERSION, KIND, type KubeSchedulerConfiguration } from './types.js';
import { validateConfiguration } from './validation.js';

/** A scheduler cannot be configured like this; `message` says why. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** More is no configuration, in characters. */
const LONGEST = 1024 * 1024;

/** A field that is null is one that is not given, wherever it is. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function parsed(text: string): unknown {
  if (text.length > LONGEST) throw new ConfigurationError(`longer than ${LONGEST} characters`);
  try {
    const { value, repeated } = parseYaml(text);
    if (repeated.length > 0) throw new ConfigurationError(`strict decoding error: ${repeated.join(', ')}`);
    return withoutNulls(value);
  } catch (error) {
    if (error instanceof YamlSyntaxError) throw new ConfigurationError(error.message);
    throw error;
  }
}

function checkKind(value: unknown): void {
  const { apiVersion, kind } = (value ?? {}) as { apiVersion?: unknown; kind?: unknown };
  if (typeof kind !== 'string' || !kind) throw new ConfigurationError("Object 'Kind' is missing");
  if (typeof apiVersion !== 'string' || !apiVersion) throw new ConfigurationError("Object 'apiVersion' is missing");
  if (apiVersion === API_VERSION && kind === KIND) return;
  throw new ConfigurationError(
    `no kind "${kind}" is registered for version "${apiVersion}"; want ${KIND} of ${API_VERSION}`,
  );
}

function argsFaults(value: unknown, name: string | undefined, path: string): string[] {
  if (name === undefined || !takesArgs(name)) return [];
  const faults = shapeFaults(value, ARGS_SHAPES[name], path);
  const kind = (value as { kind?: unknown } | null | undefined)?.kind;
  if (kind === undefined || kind === `${name}Args`) return faults;
  return [...faults, `args for plugin ${name} were not of type ${name}Args, got ${String(kind)}`];
}

function checked(value: unknown): RawConfiguration {
  const faults = shapeFaults(value, CONFIGURATION_SHAPE, '');
  if (faults.length > 0) throw new ConfigurationError(`strict decoding error: ${faults.join(', ')}`);
  const raw = value as RawConfiguration;
  const inner = (raw.profiles ?? []).flatMap((profile, at) =>
    (profile.pluginConfig ?? []).flatMap(({ name, args }, index) =>
      argsFaults(args, name, `profiles[${at}].pluginConfig[${index}].args`),
    ),
  );
  if (inner.length > 0) throw new ConfigurationError(`strict decoding error: ${inner.join(', ')}`);
  return raw;
}

/**
 * Reads what `--config` names: a KubeSchedulerConfiguration as YAML or JSON, completed by its defaults.
 * @throws ConfigurationError with all that is wrong with it, each with its field.
 */
export function readConfiguration(text: string): KubeSchedulerConfiguration {
  const value = parsed(text);
  checkKind(value);
  const configuration = withDefaults(checked(value));
  const errors = validateConfiguration(configuration);
  if (errors.length === 0) return configuration;
  const texts = errors.map(({ field, message }) => `${field}: ${message}`);
  throw new ConfigurationError(texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`);
}
