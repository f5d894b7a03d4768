import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { ContainerLogWriter, LogStream } from '@binnacle/node-cri';

const STREAMS: readonly LogStream[] = ['stdout', 'stderr'];
/** A process that left its output to others may keep it open for ever; what it wrote itself arrives at once. */
const DRAIN_MILLISECONDS = 500;

/**
 * A container's output, as named pipes. The container opens its own end for reading too, so that it is not killed by
 * SIGPIPE while no runtime listens, and a later run of the runtime listens again where this one stopped.
 */
export class OutputPipes {
  private readonly ended: Promise<void>[];
  private readonly sockets: Socket[];

  private constructor(
    private readonly directory: string,
    private readonly log: ContainerLogWriter,
  ) {
    this.sockets = STREAMS.map((stream) => {
      const fd = openSync(this.path(stream), constants.O_RDONLY | constants.O_NONBLOCK);
      const socket = new Socket({ fd, readable: true, writable: false });
      return socket.on('data', (chunk: Buffer) => log.write(stream, chunk)).on('error', () => socket.destroy());
    });
    this.ended = this.sockets.map((socket) => new Promise((resolve) => void socket.once('close', () => resolve())));
  }

  static create(directory: string, log: ContainerLogWriter): OutputPipes {
    const missing = STREAMS.map((stream) => join(directory, stream)).filter((path) => !existsSync(path));
    if (missing.length > 0) execFileSync('mkfifo', ['-m', '600', ...missing]);
    return new OutputPipes(directory, log);
  }

  /** Calls back with what a new process is to be given as its standard output and error. */
  withWriters<T>(use: (stdout: number, stderr: number) => T): T {
    const [stdout, stderr] = STREAMS.map((stream) => openSync(this.path(stream), constants.O_RDWR)) as [number, number];
    try {
      return use(stdout, stderr);
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  }

  /** Resolves when everything the process wrote is in the log file. */
  async drain(): Promise<void> {
    const timer = setTimeout(() => this.close(), DRAIN_MILLISECONDS);
    await Promise.all(this.ended);
    clearTimeout(timer);
    await this.log.close();
  }

  /** Stops listening without waiting for an end. */
  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private path(stream: LogStream): string {
    return join(this.directory, stream);
  }
}
