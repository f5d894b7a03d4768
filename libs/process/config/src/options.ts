import { parseArgs } from 'node:util';

export type OptionType = 'string' | 'number' | 'boolean';

/** One setting: given as `--name value`, else as the environment variable `BINNACLE_NAME`, else the default. */
export interface OptionSpec {
  readonly type: OptionType;
  readonly description: string;
  readonly default?: string | number | boolean;
  readonly required?: boolean;
  /** Given several times, it is all of them with commas between. */
  readonly repeatable?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<S extends OptionSpec> = S['type'] extends 'number'
  ? number
  : S['type'] extends 'boolean'
    ? boolean
    : string;
type IsPresent<S extends OptionSpec> = S extends { default: string | number | boolean } | { required: true }
  ? true
  : false;

/** The settings as read: what has a default or is required is always there. */
export type Options<S extends OptionSpecs> = {
  readonly [K in keyof S]: IsPresent<S[K]> extends true ? ValueOf<S[K]> : ValueOf<S[K]> | undefined;
};

/** The command line or the environment is wrong; `message` says what and how to mend it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function environmentName(flag: string): string {
  return `BINNACLE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

function parseFlags(specs: OptionSpecs, argv: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, repeatable = false }]) => [
      name,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: repeatable },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowNegative: true });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
    );
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function convert(name: string, spec: OptionSpec, value: string | number | boolean): string | number | boolean {
  if (spec.type === 'string') return String(value);
  if (spec.type === 'boolean') {
    if (typeof value === 'boolean') return value;
    if (['true', '1', 'yes'].includes(String(value))) return true;
    if (['false', '0', 'no'].includes(String(value))) return false;
    throw new ConfigError(`--${name} must be true or false, not "${value}"`);
  }
  const number = Number(value);
  if (value === '' || !Number.isFinite(number)) throw new ConfigError(`--${name} must be a number, not "${value}"`);
  return number;
}

/** Reads settings once, at the start of a program. Throws `ConfigError` for anything it does not understand. */
export function readOptions<const S extends OptionSpecs>(
  specs: S,
  argv: readonly string[],
  env: Environment,
): Options<S> {
  const flags = parseFlags(specs, argv);
  const entries = Object.entries(specs).map(([name, spec]) => {
    const value = flags[name] ?? env[environmentName(name)] ?? spec.default;
    if (value === undefined && spec.required) {
      throw new ConfigError(`--${name} is required (${spec.description}); give it or set ${environmentName(name)}`);
    }
    return [name, value === undefined ? undefined : convert(name, spec, value)];
  });
  return Object.fromEntries(entries) as Options<S>;
}

/** The text of `--help`. */
export function describeOptions(program: string, specs: OptionSpecs): string {
  const lines = Object.entries(specs).map(([name, spec]) => {
    const fallback = spec.default === undefined || spec.default === '' ? '' : ` (default ${spec.default})`;
    return `  --${name.padEnd(34)} ${spec.description}${fallback}`;
  });
  return `Usage: ${program} [flags]\n\nEvery flag may also be given as an environment variable, --kubeconfig as BINNACLE_KUBECONFIG.\n\n${lines.join('\n')}\n`;
}
