import { dirname, resolve } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import { isAdmissionName, readPodSecurityConfiguration } from '@binnacle/server-admission';
import type { ApiServerConfig } from '@binnacle/server-http';
import type { ApiServerSettings } from './options.js';

type Settings = Pick<
  ApiServerSettings,
  'enable-admission-plugins' | 'disable-admission-plugins' | 'admission-control-config-file'
>;
type ReadFile = (path: string) => string;

const CONFIGURATION = 'apiserver.config.k8s.io/v1';

function namesIn(settings: Settings, flag: 'enable-admission-plugins' | 'disable-admission-plugins'): string[] {
  const names = settings[flag].split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isAdmissionName(name));
  if (unknown === undefined) return names;
  throw new ConfigError(`--${flag}: admission-control plugin "${unknown}" is unknown; leave it out`);
}

interface PluginEntry {
  readonly name?: string;
  readonly path?: string;
  readonly configuration?: unknown;
}

function parsed(path: string, readFile: ReadFile): unknown {
  try {
    return parseYaml(readFile(path)).value;
  } catch (error) {
    throw new ConfigError(`${path} cannot be read as YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** What a plugin is configured by, which its entry holds itself or names a file of. */
function configurationOf(entry: PluginEntry, file: string, readFile: ReadFile): unknown {
  if (entry.configuration !== undefined) return entry.configuration;
  return entry.path ? parsed(resolve(dirname(file), entry.path), readFile) : undefined;
}

function pluginsIn(file: string, readFile: ReadFile): readonly PluginEntry[] {
  const value = parsed(file, readFile) as { apiVersion?: string; kind?: string; plugins?: unknown } | null;
  if (value?.kind !== 'AdmissionConfiguration' || value.apiVersion !== CONFIGURATION)
    throw new ConfigError(`${file} is no AdmissionConfiguration of ${CONFIGURATION}`);
  const { plugins = [] } = value;
  if (!Array.isArray(plugins)) throw new ConfigError(`${file}: plugins must be a list`);
  return plugins as readonly PluginEntry[];
}

function podSecurityOf(file: string, readFile: ReadFile): Pick<ApiServerConfig, 'podSecurity'> {
  const plugins = pluginsIn(file, readFile);
  const unknown = plugins.find(({ name = '' }) => !isAdmissionName(name));
  if (unknown) throw new ConfigError(`${file}: admission-control plugin "${unknown.name ?? ''}" is unknown`);
  const entry = plugins.find(({ name }) => name === 'PodSecurity');
  const configuration = entry && configurationOf(entry, file, readFile);
  if (configuration === undefined) return {};
  const read = readPodSecurityConfiguration(configuration);
  if (!read.errors) return { podSecurity: read.configuration };
  const faults = read.errors.map(({ field, message }) => `${field}: ${message}`);
  throw new ConfigError(`${file}: PodSecurity: ${faults.join('; ')}`);
}

/** Which rules of admission there are, and what they hold by. Throws a ConfigError that says what to mend. */
export function admissionOf(
  settings: Settings,
  readFile: ReadFile,
): Pick<ApiServerConfig, 'disableAdmission' | 'podSecurity'> {
  const enabled = namesIn(settings, 'enable-admission-plugins');
  const disabled = namesIn(settings, 'disable-admission-plugins');
  const both = enabled.find((name) => disabled.includes(name));
  if (both) throw new ConfigError(`--enable-admission-plugins and --disable-admission-plugins both name ${both}`);
  const file = settings['admission-control-config-file'];
  return { disableAdmission: disabled, ...(file && podSecurityOf(file, readFile)) };
}
