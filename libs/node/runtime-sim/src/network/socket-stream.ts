import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { LinkedSocket } from './linked-socket.js';

/** A connection as a mere stream. However the connection ends, the stream closes with it, and the other way round. */
class SocketStream extends Duplex {
  constructor(private readonly socket: Socket) {
    super();
    socket.on('data', (chunk) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}

/** TLS takes the system's own socket from under a connection, and so would go past its links. */
export function streamOf(socket: Socket): Duplex {
  return socket instanceof LinkedSocket ? new SocketStream(socket) : socket;
}
