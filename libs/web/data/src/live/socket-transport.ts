import { io, type Socket } from 'socket.io-client';
import { UnreachableError } from '../http.js';
import type { LiveHandlers, LiveTransport } from './live-client.js';
import type { ServerEvent, SubscribeAnswer, SubscribeMessage } from './protocol.js';

const EVENTS: readonly ServerEvent[] = ['snapshot', 'changes', 'relist', 'bookmark'];
const ANSWER_MILLISECONDS = 10_000;

function isUnauthorized(error: Error): boolean {
  return (error as Error & { data?: { code?: number } }).data?.code === 401;
}

/** The same-origin socket. Tries again quickly at first, then every two seconds, for ever. */
export class SocketTransport implements LiveTransport {
  private socket: Socket | undefined;

  start(handlers: LiveHandlers): void {
    const socket = io({
      transports: ['websocket'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
      withCredentials: true,
    });
    this.socket = socket;
    socket.on('connect', () => handlers.connected());
    socket.on('disconnect', (reason) => {
      handlers.disconnected();
      // The library treats a hang-up by the server as final; to us it is one more lost connection.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error) => {
      if (isUnauthorized(error)) return handlers.unauthorized();
      // A refusal by the application (and not the network) is not retried by the library either.
      if (!socket.active) setTimeout(() => socket.connect(), 2_000);
      handlers.disconnected();
    });
    for (const event of EVENTS) socket.on(event, (message) => handlers.message(event, message));
  }

  async subscribe(message: SubscribeMessage): Promise<SubscribeAnswer> {
    if (!this.socket) throw new UnreachableError('the socket is closed');
    try {
      return (await this.socket.timeout(ANSWER_MILLISECONDS).emitWithAck('subscribe', message)) as SubscribeAnswer;
    } catch {
      return { error: { code: 504, reason: 'Timeout', message: 'the server did not answer the subscription in time' } };
    }
  }

  unsubscribe(id: string): void {
    if (this.socket?.connected) this.socket.emit('unsubscribe', { id });
  }

  stop(): void {
    this.socket?.disconnect();
    this.socket = undefined;
  }
}
