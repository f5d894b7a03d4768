import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ContainerConfig } from '@binnacle/node-cri';
import type { Network } from '../network/network.js';
import type { Process, Program } from '../programs/program.js';
import { PlainConsole } from '../terminal/plain-console.js';

export function configOf(more: Partial<ContainerConfig> = {}): ContainerConfig {
  return {
    metadata: { name: 'main', attempt: 0 },
    image: 'app:1',
    command: [],
    args: [],
    env: {},
    mounts: [],
    ports: [],
    logPath: 'main/0.log',
    limits: {},
    requests: {},
    stdin: false,
    tty: false,
    labels: {},
    annotations: {},
    ...more,
  };
}

/** How a command came out. */
export const ended = (exitCode: number, stdout = '') => ({
  exitCode,
  stdout: Buffer.from(stdout),
  stderr: Buffer.alloc(0),
});

/** A container of which nothing is real but the sockets its program opens, each at a port of the system's choosing. */
export class TestProcess {
  readonly clock = new FakeClock();
  readonly logged: string[] = [];
  readonly exits: (readonly [code: number, message: string | undefined])[] = [];
  readonly datagrams = new Map<number, (message: string) => string>();
  private readonly servers = new Map<number, Server>();
  private readonly life = new AbortController();

  constructor(
    private readonly config: ContainerConfig = configOf(),
    private readonly network: Partial<Network> = {},
    private readonly execute: Process['run'] = async () => ended(0, 'ran'),
  ) {}

  get process(): Process {
    const identity = {
      pod: 'web-0',
      namespace: 'shop',
      node: 'n',
      container: 'main',
      image: this.config.image,
      ip: '10.0.0.1',
      hostname: 'web-0',
    };
    return {
      ctx: { signal: this.life.signal, clock: this.clock, logger: silentLogger },
      id: 'c1',
      identity,
      config: this.config,
      network: this.network as Network,
      files: {},
      title: 'app',
      console: new PlainConsole(undefined, async () => undefined),
      log: (stream, text) => void this.logged.push(`${stream}: ${text}`),
      exit: (code, message) => void this.exits.push([code, message]),
      listenTcp: (port, handler) => this.listen(port, handler),
      run: this.execute,
      listenUdp: async (port, handler) => {
        this.datagrams.set(port, (message) => {
          let answer = '';
          handler(
            Buffer.from(message),
            { address: '1.2.3.4', family: 'IPv4', port: 9, size: message.length },
            (reply) => (answer = reply.toString()),
          );
          return answer;
        });
      },
    };
  }

  run(program: Program): ReturnType<Program> {
    return program(this.process);
  }

  get ports(): number[] {
    return [...this.servers.keys()];
  }

  dial(port: number): Socket {
    const server = this.servers.get(port);
    if (!server) throw new Error(`nothing listens at ${port}`);
    return connect((server.address() as AddressInfo).port, '127.0.0.1');
  }

  /** What comes back for what is sent, until the other side is done. */
  async exchange(port: number, sent: string): Promise<string> {
    const socket = this.dial(port).setEncoding('utf8');
    socket.write(sent);
    let text = '';
    for await (const chunk of socket) text += chunk as string;
    return text;
  }

  /** Status and body of one GET. */
  async get(port: number, path: string): Promise<{ status: number; body: string }> {
    const answer = await this.exchange(port, `GET ${path} HTTP/1.1\r\nhost: pod\r\nconnection: close\r\n\r\n`);
    const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s);
    const isChunked = /transfer-encoding: chunked/i.test(head);
    return { status: Number(head.split(' ')[1]), body: isChunked ? (body.split('\r\n')[1] ?? '') : body };
  }

  end(): void {
    this.life.abort(new Error('the container has ended'));
    for (const server of this.servers.values()) server.close();
  }

  private async listen(port: number, handler: (socket: Socket) => void): Promise<void> {
    const server = createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.servers.set(port, server);
  }
}
