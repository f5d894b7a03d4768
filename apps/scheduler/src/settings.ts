import { readFileSync, statSync } from 'node:fs';
import {
  ConfigurationError,
  DEFAULT_CONFIGURATION,
  defaultProfile,
  durationMilliseconds,
  IN_TREE_PLUGINS,
  type KubeSchedulerConfiguration,
  readConfiguration,
  resolvePlugins,
} from '@binnacle/control-scheduling';
import { ConfigError, type Options } from '@binnacle/process-config';
import type { optionSpecs } from './options.js';

/** What the flags and the file come to together. */
export interface Settings {
  readonly kubeconfig: string;
  readonly configuration: KubeSchedulerConfiguration;
  /** Undefined where nobody else may be scheduling. */
  readonly lease:
    | {
        readonly name: string;
        readonly namespace: string;
        readonly leaseMilliseconds: number;
        readonly renewMilliseconds: number;
        readonly retryMilliseconds: number;
      }
    | undefined;
}

/** More is no configuration, in bytes. */
const LARGEST_FILE = 1024 * 1024;

function textOf(path: string): string {
  if (statSync(path).size > LARGEST_FILE) throw new ConfigurationError(`larger than ${LARGEST_FILE} bytes`);
  return readFileSync(path, 'utf8');
}

function configurationIn(path: string): KubeSchedulerConfiguration {
  try {
    const configuration = readConfiguration(textOf(path));
    for (const profile of configuration.profiles) resolvePlugins(profile, IN_TREE_PLUGINS);
    return configuration;
  } catch (error) {
    const isKnown = error instanceof ConfigurationError || (error instanceof Error && 'syscall' in error);
    if (!isKnown) throw error;
    throw new ConfigError(`--config ${path}: ${error.message}`);
  }
}

function configurationOf(options: Options<typeof optionSpecs>): KubeSchedulerConfiguration {
  const { config, 'scheduler-name': name } = options;
  if (!config) return name ? { ...DEFAULT_CONFIGURATION, profiles: [defaultProfile(name)] } : DEFAULT_CONFIGURATION;
  if (name) throw new ConfigError('--scheduler-name is said by the profiles of --config');
  return configurationIn(config);
}

/** Flags go before the file. Throws ConfigError for what cannot be. */
export function settingsOf(options: Options<typeof optionSpecs>): Settings {
  const configuration = configurationOf(options);
  const { leaderElection, clientConnection } = configuration;
  const kubeconfig = options.kubeconfig || clientConnection.kubeconfig;
  if (!kubeconfig) {
    throw new ConfigError(
      '--kubeconfig is required (or clientConnection.kubeconfig in --config); set BINNACLE_KUBECONFIG',
    );
  }
  const lease = {
    name: leaderElection.resourceName,
    namespace: options['leader-elect-resource-namespace'] ?? leaderElection.resourceNamespace,
    leaseMilliseconds: durationMilliseconds(leaderElection.leaseDuration),
    renewMilliseconds: durationMilliseconds(leaderElection.renewDeadline),
    retryMilliseconds: durationMilliseconds(leaderElection.retryPeriod),
  };
  const leads = options['leader-elect'] ?? leaderElection.leaderElect;
  return { kubeconfig, configuration, lease: leads ? lease : undefined };
}
