import { parseDuration } from '@binnacle/machinery-cel';
import { parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import { WebhookConfigError, type WebhookTarget, webhookTarget } from '@binnacle/server-egress';

type ReadFile = (path: string) => string;

/** What stands in a file of YAML. @throws ConfigError */
export function parsedFile(path: string, readFile: ReadFile): unknown {
  try {
    return parseYaml(readFile(path)).value;
  } catch (error) {
    throw new ConfigError(`${path} cannot be read as YAML: ${(error as Error).message}`, { cause: error });
  }
}

/** The webhook that the kubeconfig of a flag names. @throws ConfigError */
export function webhookIn(flag: string, path: string, readFile: ReadFile): WebhookTarget {
  try {
    return webhookTarget(parsedFile(path, readFile), path, readFile);
  } catch (error) {
    if (!(error instanceof WebhookConfigError)) throw error;
    throw new ConfigError(`--${flag} ${path}: ${error.message}`, { cause: error });
  }
}

/** Milliseconds of a duration such as `2m0s`. @throws ConfigError */
export function durationIn(flag: string, text: string): number {
  const duration = parseDuration(text);
  if (duration && duration.nanos >= 0n) return Number(duration.nanos) / 1e6;
  throw new ConfigError(`--${flag} must be a duration such as 2m or 30s, not "${text}"`);
}

/** Of an API group, by which a webhook is asked. @throws ConfigError */
export function reviewVersionIn(flag: string, version: string): 'v1' | 'v1beta1' {
  if (version === 'v1' || version === 'v1beta1') return version;
  throw new ConfigError(`--${flag} must be v1 or v1beta1, not "${version}"`);
}
