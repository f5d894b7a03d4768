// HTTP clients that take an attack's liberties: whatever is answered is only counted.
import { once } from 'node:events';
import http2 from 'node:http2';
import { Agent, request } from 'node:https';
import tls from 'node:tls';

const PATIENCE = 60_000;

/** One HTTP/2 session. `call` resolves with status, body and milliseconds; a connection that is refused counts as 0. */
export class Session {
  constructor({ server, ca, cert, key }) {
    this.open = () => {
      const session = http2.connect(server, { ca, cert, key });
      session.on('error', () => undefined);
      return session;
    };
    this.session = this.open();
  }

  call(method, path, { headers = {}, body, leaveAfter } = {}) {
    if (this.session.destroyed || this.session.closed) this.session = this.open();
    const begun = performance.now();
    return new Promise((resolve) => {
      const stream = this.session.request({ ':method': method, ':path': path, ...headers });
      let [status, bytes, text] = [0, 0, ''];
      const done = () => resolve({ status, bytes, text, milliseconds: performance.now() - begun });
      stream.setTimeout(PATIENCE, () => stream.close(http2.constants.NGHTTP2_CANCEL));
      stream.on('response', (answer) => (status = answer[':status']));
      stream.on('data', (chunk) => {
        bytes += chunk.length;
        if (text.length < 4096) text += chunk;
      });
      stream.on('error', () => undefined);
      stream.on('close', done);
      if (leaveAfter !== undefined) setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), leaveAfter);
      stream.end(body);
    });
  }

  close() {
    this.session.destroy();
  }
}

/** One request over HTTP/1.1 on a connection of its own. */
export function callOnce({ server, ca, cert, key }, method, path, { headers = {}, body } = {}) {
  const { hostname, port } = new URL(server);
  const agent = new Agent({ ca, cert, key });
  return new Promise((resolve) => {
    const call = request({ hostname, port, method, path, headers, agent }, (message) => {
      message.resume();
      message.on('close', () => resolve({ status: message.statusCode }));
    });
    call.setTimeout(PATIENCE, () => call.destroy());
    call.on('error', () => resolve({ status: 0 }));
    call.end(body);
  }).finally(() => agent.destroy());
}

/** A TLS connection on which an attack writes what it likes. Undefined where the server takes no more. */
export async function rawConnection({ server, ca, cert, key }) {
  const { hostname, port } = new URL(server);
  const socket = tls.connect({ host: hostname, port: Number(port), ca, cert, key, ALPNProtocols: ['http/1.1'] });
  socket.on('error', () => undefined);
  try {
    await Promise.race([
      once(socket, 'secureConnect'),
      once(socket, 'close').then(() => Promise.reject(new Error('closed'))),
    ]);
    return socket;
  } catch {
    return undefined;
  }
}
