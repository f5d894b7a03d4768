import type { Subcommand } from './process.js';

const SIGNALS: Readonly<Record<string, readonly [name: string, exitCode: number]>> = {
  SIGINT: ['interrupt', 1],
  SIGTERM: ['terminated', 2],
};

/** Waits for a signal, and says by its exit code and its last words which it was. */
export const pause: Subcommand = async (process) => {
  process.log('stdout', 'Paused\n');
  process.log('stdout', 'Signals registered\n');
  return {
    signalled: (signal) => {
      const [name, exitCode] = SIGNALS[signal] ?? [signal, 2];
      const message = `exiting because of signal "${name}"\n`;
      process.log('stdout', message);
      process.exit(exitCode, message);
    },
  };
};
