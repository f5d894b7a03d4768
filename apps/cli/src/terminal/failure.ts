import { ConfigError } from '@binnacle/process-config';
import type { Failure } from '@binnacle/process-lifecycle';
import { StartError } from './start-error.js';

/** What helps where the system itself refused something. */
const MENDS: Readonly<Record<string, string>> = {
  EACCES: 'give this account the right to it, or run as the one that has it',
  EPERM: 'give this account the right to it, or run as the one that has it',
  EROFS: 'mount the file system for writing, or choose another --data-dir',
  ENOSPC: 'free space on the disk and try again',
  EDQUOT: 'free space on the disk and try again',
  EMFILE: 'raise the limit of open files: ulimit -n 4096',
  ENFILE: 'raise the limit of open files of the whole machine: sysctl fs.file-max',
  EAGAIN: 'raise the limit of processes: ulimit -u',
  ENOMEM: 'give more memory, or stop what uses it',
  EADDRINUSE: 'stop what uses that address, or choose other ports with --port-offset',
};

/** How a command that failed is told: one sentence with the cause and the mend where the cause is known. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConfigError) return { words: error.message, exitCode: 2 };
  if (error instanceof StartError) return { words: error.message, exitCode: 1 };
  if (!(error instanceof Error)) return { words: String(error), exitCode: 1 };
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  const mend = MENDS[code];
  if (syscall && mend) return { words: `${error.message}; ${mend}`, exitCode: 1 };
  return { words: error.stack ?? error.message, exitCode: 1 };
}
