import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';
import type { MetricsRegistry } from '@binnacle/process-telemetry';
import {
  AuditCounts,
  Auditor,
  type AuditPolicy,
  type AuditSink,
  AuditWebhook,
  EventQueue,
  LogFile,
  type QueueOptions,
  readAuditPolicy,
  WEBHOOK_DEFAULTS,
} from '@binnacle/server-audit';
import type { ApiServerSettings } from './options.js';
import { parsedFile, webhookIn } from './webhook-flags.js';

type ReadFile = (path: string) => string;

const MEGABYTE = 1024 * 1024;
const DAY = 24 * 3_600_000;
/** Of events that wait to be written. */
const MOST = 10_000;
const MOST_BYTES = 32 * MEGABYTE;

function policyIn(path: string, readFile: ReadFile): AuditPolicy {
  const read = readAuditPolicy(parsedFile(path, readFile));
  if (!read.errors) return read.policy;
  const faults = read.errors.map(({ field, message }) => `${field}: ${message}`);
  throw new ConfigError(`--audit-policy-file ${path}: ${faults.join('; ')}`);
}

function modeOf(settings: ApiServerSettings, flag: 'audit-log-mode' | 'audit-webhook-mode'): QueueOptions['mode'] {
  const mode = settings[flag];
  if (mode === 'batch' || mode === 'blocking') return mode;
  throw new ConfigError(`--${flag} must be batch or blocking, not ${mode}`);
}

/** Shut like a queue, and then what it writes to. */
function closing(queue: EventQueue, close: () => Promise<void> | void): AuditSink {
  return {
    take: (pending) => queue.take(pending),
    room: () => queue.room(),
    close: async () => {
      await queue.close();
      await close();
    },
  };
}

function logSink(ctx: Context, settings: ApiServerSettings, counts: AuditCounts): AuditSink {
  if (settings['audit-log-format'] !== 'json')
    throw new ConfigError(`--audit-log-format must be json, not ${settings['audit-log-format']}`);
  const file = new LogFile(
    {
      path: settings['audit-log-path'],
      maxBytes: (settings['audit-log-maxsize'] || 100) * MEGABYTE,
      maxBackups: settings['audit-log-maxbackup'],
      maxAge: settings['audit-log-maxage'] * DAY,
    },
    ctx.clock,
  );
  const mode = modeOf(settings, 'audit-log-mode');
  const options = { name: 'log', mode, most: MOST, mostBytes: MOST_BYTES, batch: 200, wait: 250 };
  return closing(new EventQueue(ctx, options, file.write, counts), () => file.close());
}

function webhookSink(ctx: Context, settings: ApiServerSettings, counts: AuditCounts, readFile: ReadFile): AuditSink {
  const target = webhookIn('audit-webhook-config-file', settings['audit-webhook-config-file'], readFile);
  const initialBackoff = settings['audit-webhook-initial-backoff'] * 1_000;
  const webhook = new AuditWebhook(ctx, target, { ...WEBHOOK_DEFAULTS, initialBackoff });
  const mode = modeOf(settings, 'audit-webhook-mode');
  const options = { name: 'webhook', mode, most: MOST, mostBytes: MOST_BYTES, batch: 400, wait: 30_000 };
  return new EventQueue(ctx, options, webhook.write, counts);
}

/** Who notes what is asked, where a policy and somewhere to write to are given. Throws a ConfigError that says what to mend. */
export function auditorOf(
  ctx: Context,
  settings: ApiServerSettings,
  metrics: MetricsRegistry,
  readFile: ReadFile,
): Auditor | undefined {
  const policy = settings['audit-policy-file'];
  const [log, webhook] = [settings['audit-log-path'], settings['audit-webhook-config-file']];
  if (!policy && (log || webhook)) throw new ConfigError('--audit-policy-file says what is noted; give one');
  if (!policy || (!log && !webhook)) return undefined;
  const counts = new AuditCounts(metrics);
  const sinks = [
    ...(log ? [logSink(ctx, settings, counts)] : []),
    ...(webhook ? [webhookSink(ctx, settings, counts, readFile)] : []),
  ];
  return new Auditor(policyIn(policy, readFile), sinks, ctx.clock);
}
