import { sleep } from '@binnacle/machinery-context';
import type { Process, RunningProgram } from '../program.js';
import type { Flags } from './flags.js';

/** A subcommand of the image: what it does with its flags. */
export type Subcommand = (process: Process, flags: Flags) => Promise<RunningProgram | undefined>;

/** A Go program that does not care about signals ends with this code where it is the first process. */
const SIGNALLED_EXIT_CODE = 2;

export const endsAtOnce = (process: Process): RunningProgram => ({
  signalled: () => process.exit(SIGNALLED_EXIT_CODE),
});

/** A line with its time, as Go's `log` writes it. */
export function logLine(process: Process, text: string): void {
  const time = new Date(process.ctx.clock.now()).toISOString();
  process.log('stderr', `${time.slice(0, 10).replaceAll('-', '/')} ${time.slice(11, 19)} ${text}\n`);
}

/** Later, unless the container has ended by then. */
export function later(process: Process, milliseconds: number, act: () => void): void {
  void sleep(process.ctx, milliseconds).then(act, () => undefined);
}
