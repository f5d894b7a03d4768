import { setMaxListeners } from 'node:events';
import { ConfigError } from '@binnacle/process-config';
import type { Context, Logger } from '@binnacle/machinery-context';
import { systemClock } from './system-clock.js';

/** A program runs until its context aborts, then cleans up and returns. */
export type Program = (ctx: Context) => Promise<void>;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One context is shared by everything in a process that waits: that many listeners are no leak. */
const LISTENERS_OF_A_CONTEXT = 500;
/** A second signal, or a stop that takes longer than this, ends the process at once where it is not patient. */
const STOP_DEADLINE_MILLISECONDS = 30_000;

/** What a failure is told as, and the code that the process ends with. */
export interface Failure {
  readonly words: string;
  readonly exitCode: number;
}

/** What programs do differently at their end. */
export interface Manner {
  /** What is said of a failure on standard error; of undefined the logs tell, with where it happened. */
  readonly failureOf: (error: unknown) => Failure | undefined;
  /** The stop takes as long as it takes, however often it is asked for. */
  readonly isPatient: boolean;
}

const USUAL: Manner = {
  failureOf: (error) => (error instanceof ConfigError ? { words: error.message, exitCode: 2 } : undefined),
  isPatient: false,
};

function abortOnSignals(logger: Logger, { isPatient }: Manner): AbortController {
  const abort = new AbortController();
  const stop = (signal: string) => {
    if (abort.signal.aborted && isPatient) return;
    if (abort.signal.aborted) process.exit(130);
    logger.info('stopping', { signal });
    abort.abort(new Error(`stopped by ${signal}`));
    if (!isPatient) setTimeout(() => process.exit(1), STOP_DEADLINE_MILLISECONDS).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, () => stop(signal));
  return abort;
}

function die(logger: Logger, { failureOf }: Manner, message: string, error: unknown): never {
  const failure = failureOf(error);
  if (failure) {
    process.stderr.write(`${failure.words}\n`);
    process.exit(failure.exitCode);
  }
  logger.error(message, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}

/**
 * Runs a process's main: gives it a context that aborts on SIGINT, SIGTERM or SIGHUP, and turns what it throws into an
 * exit code. An unhandled rejection is a bug: it is told and ends the process, so that whoever supervises it restarts it.
 */
export async function runProgram(logger: Logger, program: Program, own: Partial<Manner> = {}): Promise<void> {
  const manner = { ...USUAL, ...own };
  setMaxListeners(LISTENERS_OF_A_CONTEXT);
  // A full disk or a reader that left takes output, not the program.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const abort = abortOnSignals(logger, manner);
  process.on('unhandledRejection', (error) => die(logger, manner, 'unhandled rejection', error));
  process.on('uncaughtException', (error) => die(logger, manner, 'uncaught exception', error));
  try {
    await program({ signal: abort.signal, clock: systemClock, logger });
    process.exit(process.exitCode ?? 0);
  } catch (error) {
    if (abort.signal.aborted && error === abort.signal.reason) process.exit(0);
    die(logger, manner, 'failed', error);
  }
}
