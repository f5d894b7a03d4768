import type { Writable } from 'node:stream';
import type { ContainerStreams } from '@binnacle/node-cri';
import { PlainConsole } from './plain-console.js';
import type { RunConsole } from './run-console.js';
import { Terminal } from './terminal.js';

/** Resolves when the other end has taken enough to be sent more, or is gone. */
export function send(to: Writable | undefined, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (!to?.writable || to.write(bytes)) return resolve();
    const done = () => {
      to.off('drain', done).off('close', done);
      resolve();
    };
    to.once('drain', done).once('close', done);
  });
}

/** What a run that is connected to streams reads from and writes to. */
export function consoleOf({ stdin, stdout, stderr, tty, onResize }: ContainerStreams): RunConsole {
  if (tty) return new Terminal(stdin, (bytes) => send(stdout, bytes), onResize);
  return new PlainConsole(stdin, (stream, bytes) => send(stream === 'stdout' ? stdout : stderr, bytes));
}
