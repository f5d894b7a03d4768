// HTTP/2 as one user, with the header that asks for what one may see.
import { once } from 'node:events';
import http2 from 'node:http2';

const VISIBLE = { 'binnacle-visible': 'true' };

export class Client {
  static async connect({ server, ca, cert, key }) {
    const session = http2.connect(server, { ca, cert, key, settings: { initialWindowSize: 16 << 20 } });
    await once(session, 'connect');
    session.setLocalWindowSize(64 << 20);
    session.on('error', () => undefined);
    return new Client(session);
  }

  constructor(session) {
    this.session = session;
  }

  async call(method, path, body) {
    const stream = this.#open(method, path, body);
    const chunks = [];
    let status = 0;
    stream.on('response', (answer) => (status = answer[':status']));
    stream.on('data', (chunk) => chunks.push(chunk));
    await once(stream, 'end');
    const bytes = Buffer.concat(chunks);
    if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${bytes.toString().slice(0, 300)}`);
    return bytes;
  }

  async json(method, path, body) {
    return JSON.parse((await this.call(method, path, body)).toString());
  }

  /** Calls back with each event. Resolves once it is open, to what closes it. */
  async watch(path, hear) {
    const stream = this.#open('GET', path);
    let rest = '';
    stream.on('error', () => undefined);
    stream.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) hear(JSON.parse(line));
    });
    const [answer] = await once(stream, 'response');
    if (answer[':status'] !== 200) throw new Error(`${path} was answered ${answer[':status']}`);
    return () => stream.close(http2.constants.NGHTTP2_CANCEL);
  }

  close() {
    this.session.destroy();
  }

  #open(method, path, body) {
    const type = body && { 'content-type': 'application/json' };
    const stream = this.session.request({ ':method': method, ':path': path, ...VISIBLE, ...type });
    stream.end(body && JSON.stringify(body));
    return stream;
  }
}
