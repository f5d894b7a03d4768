import { setMaxListeners } from 'node:events';
import { ConfigError } from '@binnacle/process-config';
import type { Context, Logger } from '@binnacle/machinery-context';
import { systemClock } from './system-clock.js';

/** A program runs until its context aborts, then cleans up and returns. */
export type Program = (ctx: Context) => Promise<void>;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One context is shared by everything in a process that waits: that many listeners are no leak. */
const LISTENERS_OF_A_CONTEXT = 500;
/** A second signal, or a stop that takes longer than this, ends the process at once. */
const STOP_DEADLINE_MILLISECONDS = 30_000;

function abortOnSignals(logger: Logger): AbortController {
  const abort = new AbortController();
  const stop = (signal: string) => {
    if (abort.signal.aborted) process.exit(130);
    logger.info('stopping', { signal });
    abort.abort(new Error(`stopped by ${signal}`));
    setTimeout(() => process.exit(1), STOP_DEADLINE_MILLISECONDS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, () => stop(signal));
  return abort;
}

function die(logger: Logger, message: string, error: unknown): void {
  logger.error(message, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}

/**
 * Runs a process's main: gives it a context that aborts on SIGINT, SIGTERM or SIGHUP, and turns what it throws into an
 * exit code. An unhandled rejection is a bug: it is logged and ends the process, so that whoever supervises it restarts it.
 */
export async function runProgram(logger: Logger, program: Program): Promise<void> {
  setMaxListeners(LISTENERS_OF_A_CONTEXT);
  const abort = abortOnSignals(logger);
  process.on('unhandledRejection', (error) => die(logger, 'unhandled rejection', error));
  process.on('uncaughtException', (error) => die(logger, 'uncaught exception', error));
  try {
    await program({ signal: abort.signal, clock: systemClock, logger });
    process.exit(process.exitCode ?? 0);
  } catch (error) {
    if (abort.signal.aborted && error === abort.signal.reason) process.exit(0);
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    }
    die(logger, 'failed', error);
  }
}
