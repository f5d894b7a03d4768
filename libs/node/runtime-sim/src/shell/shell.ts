import type { ContainerStreams, ExecResult } from '@binnacle/node-cri';
import type { Process, Program } from '../programs/program.js';

/** Runs shell scripts of containers, apart from this process's own thread. */
export interface Shell {
  /** A container's own script; it ends with the container. */
  program(words: readonly string[]): Program;
  /** A command beside whatever runs in the container, over the same files. */
  exec(process: Process, words: readonly string[], timeoutSeconds: number): Promise<ExecResult>;
  /** A command connected to streams, as `kubectl exec` runs it. Resolves with its exit code; the signal ends it. */
  stream(process: Process, words: readonly string[], streams: ContainerStreams, signal: AbortSignal): Promise<number>;
  /** Forgets the files of a container. */
  forget(containerId: string): void;
}
