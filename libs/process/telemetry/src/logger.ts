import { writeSync } from 'node:fs';
import type { LogFields, Logger } from '@binnacle/machinery-context';
import { type Logger as PinoLogger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const STANDARD_ERROR = 2;

/** Names of fields whose values never reach a log. */
const SECRETS = ['password', 'token', 'authorization', 'cookie', 'secret', '*.password', '*.token', '*.authorization'];

function errorText(fields: LogFields): LogFields {
  const { error } = fields;
  return error instanceof Error ? { ...fields, error: error.stack ?? error.message } : fields;
}

/** Writes all of a line, or as much of it as is taken without waiting. */
export function writeOrLose(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch {
    // Where it would be told is what does not work.
  }
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

/**
 * Structured logs, one JSON object a line, on standard error. A line that cannot be written now (the disk is full, nobody reads) is
 * lost: a program neither waits for its log nor ends by it.
 */
export function createLogger(component: string, level: LogLevel = 'info'): Logger {
  const options = {
    level,
    base: { component },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS, censor: '[redacted]' },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, { write: (line) => writeOrLose(STANDARD_ERROR, line) }));
}
