import type { Socket } from 'socket.io';
import type { LiveConnection } from './live-connection.js';
import type { ServerEvent } from '@binnacle/machinery-live';
import type { RawJson } from './raw-json.js';

/** Answers to what a client has asked that it may leave lying. */
const MOST_UNREAD = 1_000;

/** Socket.IO's socket as a connection. */
export class SocketConnection implements LiveConnection {
  private handed = 0;
  private asked = 0;

  constructor(private readonly socket: Socket) {}

  send(event: ServerEvent, message: RawJson): void {
    if (this.isIdle()) this.handed = 0;
    this.handed += message.text.length;
    this.socket.emit(event, message);
  }

  backlog(): number {
    if (this.isIdle()) this.handed = 0;
    return this.handed;
  }

  /** Notes that it asks once more; whether it also reads what it is answered. */
  listens(): boolean {
    this.asked = this.isIdle() ? 1 : this.asked + 1;
    return this.asked <= MOST_UNREAD;
  }

  drop(): void {
    // The transport and not the session is closed: to the client it is a lost connection, after which it resumes.
    this.socket.conn.close();
  }

  /** Nothing waits, neither here nor in the WebSocket. */
  private isIdle(): boolean {
    const { conn } = this.socket;
    const { socket } = conn.transport as unknown as { socket?: { bufferedAmount?: number } };
    return (conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length === 0 && !socket?.bufferedAmount;
  }
}
