import {
  type FollowRightsMessage,
  SERVER_EVENTS,
  type SubscribeAnswer,
  type SubscribeMessage,
} from '@binnacle/machinery-live';
import { io, type Socket } from 'socket.io-client';
import { UnreachableError } from '../http.js';
import { impersonationHandshake, viewedAs } from '../view-as.js';
import type { LiveHandlers, LiveTransport } from './live-client.js';

const ANSWER_MILLISECONDS = 10_000;
/** A line that is not there after so long is tried for in another way. */
const CONNECT_MILLISECONDS = 5_000;

function isUnauthorized(error: Error): boolean {
  return (error as Error & { data?: { code?: number } }).data?.code === 401;
}

/**
 * Some networks let no WebSocket through, or swallow it in silence: every other attempt begins with plain requests, and goes over
 * to a WebSocket only once one is there.
 */
function changeTransport(socket: Socket): void {
  const { opts } = socket.io;
  opts.transports = opts.transports?.[0] === 'websocket' ? ['polling', 'websocket'] : ['websocket'];
}

/**
 * The same-origin socket. Tries again quickly at first, then every two seconds, for ever, by WebSocket and by long polling in
 * turns.
 */
export class SocketTransport implements LiveTransport {
  private socket: Socket | undefined;
  private readonly ended = new AbortController();

  start(handlers: LiveHandlers): void {
    const socket = io({
      transports: ['websocket'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
      timeout: CONNECT_MILLISECONDS,
      withCredentials: true,
      // A WebSocket takes no headers of ours: the server treats this as if it stood in them.
      ...impersonationHandshake(viewedAs()),
    });
    this.socket = socket;
    window.addEventListener('offline', () => handlers.offline(), { signal: this.ended.signal });
    socket.io.on('open', () => {
      socket.io.engine.on('packet', () => handlers.heard());
    });
    socket.on('connect', () => handlers.connected());
    socket.on('disconnect', (reason) => {
      handlers.disconnected();
      // The library treats a hang-up by the server as final; to us it is one more lost connection.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error) => {
      if (isUnauthorized(error)) return handlers.unauthorized();
      changeTransport(socket);
      // A refusal by the application (and not the network) is not retried by the library either.
      if (!socket.active) setTimeout(() => socket.connect(), 2_000);
      handlers.disconnected();
    });
    for (const event of SERVER_EVENTS) socket.on(event, (message) => handlers.message(event, message));
  }

  subscribe(message: SubscribeMessage): Promise<SubscribeAnswer> {
    return this.ask('subscribe', message);
  }

  followRights(message: FollowRightsMessage): Promise<SubscribeAnswer> {
    return this.ask('followRights', message);
  }

  unsubscribe(id: string): void {
    if (this.socket?.connected) this.socket.emit('unsubscribe', { id });
  }

  reopen(): void {
    // An open line is closed as if it had been cut, which makes the library connect again; a pause between attempts ends.
    if (this.socket?.connected) this.socket.io.engine.close();
    else this.socket?.disconnect().connect();
  }

  stop(): void {
    this.ended.abort();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private async ask(event: string, message: object): Promise<SubscribeAnswer> {
    if (!this.socket) throw new UnreachableError('the socket is closed');
    try {
      return (await this.socket.timeout(ANSWER_MILLISECONDS).emitWithAck(event, message)) as SubscribeAnswer;
    } catch {
      return { error: { code: 504, reason: 'Timeout', message: 'the server did not answer the subscription in time' } };
    }
  }
}
