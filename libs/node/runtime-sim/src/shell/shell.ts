import type { ExecResult } from '@binnacle/node-cri';
import type { Process, Program } from '../programs/program.js';

/** Runs shell scripts of containers, apart from this process's own thread. */
export interface Shell {
  /** A container's own script; it ends with the container. */
  program(words: readonly string[]): Program;
  /** A command beside whatever runs in the container, over the same files. */
  exec(process: Process, words: readonly string[], timeoutSeconds: number): Promise<ExecResult>;
  /** Forgets the files of a container. */
  forget(containerId: string): void;
}
