import type { LogFields, Logger } from '@binnacle/machinery-context';
import { type Logger as PinoLogger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Names of fields whose values never reach a log. */
const SECRETS = ['password', 'token', 'authorization', 'cookie', 'secret', '*.password', '*.token', '*.authorization'];

function errorText(fields: LogFields): LogFields {
  const { error } = fields;
  return error instanceof Error ? { ...fields, error: error.stack ?? error.message } : fields;
}

function wrap(target: PinoLogger): Logger {
  const at =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: LogFields = {}) =>
      target[level](errorText(fields), message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(target.child(fields)),
  };
}

/** Structured logs, one JSON object a line, on standard error. */
export function createLogger(component: string, level: LogLevel = 'info'): Logger {
  const options = {
    level,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, pino.destination({ fd: 2, sync: true })));
}
