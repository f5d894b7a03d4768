import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { MetricsRegistry } from '@binnacle/process-telemetry';
import {
  AuthorizationMetrics,
  AuthorizerOrder,
  type CheckFile,
  compileAuthorization,
  decodeAuthorization,
} from '@binnacle/server-authorization';
import { followFiles } from '../follow-files.js';
import { webhookIn } from '../webhook-flags.js';
import { configurationByFlags, refuseFlagsBesideFile } from './by-flags.js';
import { type AuthorizationFlag, type AuthorizationSettings, FILE, MODE, WEBHOOK_FILE } from './options.js';

type ReadFile = (path: string) => string;

function asConfigError<T>(flag: AuthorizationFlag, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`--${flag}: ${(error as Error).message}`, { cause: error });
  }
}

const checking =
  (readFile: ReadFile): CheckFile =>
  (path) => {
    try {
      readFile(path);
      return undefined;
    } catch (error) {
      return `error loading file: ${(error as Error).message}`;
    }
  };

/** Who decides as a file says; one that is wrong later changes nothing. */
function byFile(ctx: Context, file: string, metrics: AuthorizationMetrics, readFile: ReadFile): AuthorizerOrder {
  const compile = (text: string) => compileAuthorization(decodeAuthorization(text), checking(readFile));
  const read = () => readFile(file);
  const text = read();
  const target = (path: string) => webhookIn(FILE, path, readFile);
  const order = asConfigError(FILE, () => new AuthorizerOrder(ctx, metrics, target, compile(text)));
  const changed = (other: string): void => {
    try {
      order.change(compile(other));
      metrics.reloaded('success', ctx.clock.now());
      ctx.logger.info('the authorization configuration has changed', { file });
    } catch (error) {
      metrics.reloaded('failure', ctx.clock.now());
      throw error;
    }
  };
  void followFiles(ctx, read, text, changed);
  return order;
}

/** Who decides what somebody may do, as the flags or a file say. Throws ConfigError for what cannot be used. */
export function authorizationOf(
  ctx: Context,
  settings: AuthorizationSettings,
  registry: MetricsRegistry,
  readFile: ReadFile,
): AuthorizerOrder {
  const metrics = new AuthorizationMetrics(registry);
  if (settings[FILE] !== '') {
    refuseFlagsBesideFile(settings);
    return byFile(ctx, settings[FILE], metrics, readFile);
  }
  const target = (path: string) => webhookIn(WEBHOOK_FILE, path, readFile);
  return asConfigError(MODE, () => {
    const order = compileAuthorization(configurationByFlags(settings), checking(readFile));
    return new AuthorizerOrder(ctx, metrics, target, order);
  });
}
