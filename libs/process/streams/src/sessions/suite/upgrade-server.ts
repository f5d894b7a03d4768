import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { SpdyConnection } from '../../spdy/spdy-connection.js';
import type { Upgrade } from '../../websocket/accept-websocket.js';
import { UpgradeRefusal } from '../refusal.js';

/** A client's WebSocket over a connection there is already, as the library itself makes them. */
interface TestSocket extends WebSocket {
  /** What the server agreed to speak. */
  readonly agreed: string;
  setSocket(socket: Duplex, head: Buffer, options: { readonly maxPayload: number }): void;
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A server of upgrades, for tests: what `serve` rejects with is told as it is. */
export class UpgradeServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(serve: (upgrade: Upgrade, query: URLSearchParams) => Promise<void>): Promise<UpgradeServer> {
    const server = createServer();
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      const query = new URL(incoming.url ?? '/', 'http://localhost').searchParams;
      serve({ request: incoming, socket, head }, query).catch((error: unknown) => {
        const { status, message } = error instanceof UpgradeRefusal ? error : new UpgradeRefusal(500, String(error));
        socket.end(`HTTP/1.1 ${status} x\r\ncontent-length: ${message.length}\r\n\r\n${message}`);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new UpgradeServer(server, (server.address() as AddressInfo).port);
  }

  /** Rejects with the text of a refusal. */
  async spdy(
    path: string,
    protocols: string,
    upgrade = 'SPDY/3.1',
  ): Promise<{ connection: SpdyConnection; protocol: string }> {
    const { answer, socket, head } = await this.upgrade(path, 'POST', {
      upgrade,
      'x-stream-protocol-version': protocols,
    });
    const connection = new SpdyConnection(socket, { role: 'client', onStream: () => undefined }, head);
    return { connection, protocol: String(answer.headers['x-stream-protocol-version']) };
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async upgrade(path: string, method: string, more: Record<string, string>) {
    const headers = { connection: 'Upgrade', ...more };
    const call = request({ host: '127.0.0.1', port: this.port, path, method, headers });
    call.end();
    const refused = once(call, 'response').then(async ([answer]) => {
      const [text] = (await once(answer as IncomingMessage, 'data')) as [Buffer];
      throw new Error(text.toString());
    });
    const upgraded = once(call, 'upgrade') as Promise<[IncomingMessage, Duplex, Buffer]>;
    const [answer, socket, head] = await Promise.race([upgraded, refused]);
    return { answer, socket, head };
  }

  /** Paused; rejects with the text of a refusal. */
  async webSocket(path: string, protocols: string): Promise<TestSocket> {
    const headers = { 'sec-websocket-version': '13', 'sec-websocket-key': KEY, 'sec-websocket-protocol': protocols };
    const { answer, socket, head } = await this.upgrade(path, 'GET', { upgrade: 'websocket', ...headers });
    const opened = new WebSocket(null as unknown as string, undefined, { autoPong: true }) as TestSocket;
    Object.assign(opened, { _isServer: false });
    opened.setSocket(socket, head, { maxPayload: 0 });
    opened.pause();
    return Object.assign(opened, { agreed: String(answer.headers['sec-websocket-protocol']) });
  }
}
