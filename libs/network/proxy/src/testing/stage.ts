import { createSocket } from 'node:dgram';
import { on, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { Proxier, type ProxyOptions } from '../proxier.js';
import { userspaceMode } from '../userspace/userspace.js';
import { testOctet, wireNode } from './builders.js';
import { MemoryInformer } from './memory-informer.js';

/** Where a client dials, and from where; the machine's own address without `from`. */
export interface Call {
  readonly host?: string;
  readonly from?: string;
}

/** Pods of one node, what informers say, and the proxy in between, all in an odd /16 of the wire. */
export class Stage {
  readonly octet = testOctet();
  readonly clusterIP = `10.${this.octet}.0.10`;
  readonly serviceHost = `127.${this.octet}.0.10`;
  readonly services = new MemoryInformer<Service>();
  readonly slices = new MemoryInformer<EndpointSlice>();
  readonly nodes = new MemoryInformer<Node>([wireNode('w', '127.0.0.1', `10.${this.octet}.1.0/24`)]);
  readonly clock = new FakeClock();
  readonly events: string[] = [];
  /** Whom Pods saw, the latest last. */
  readonly seen: string[] = [];
  readonly proxier: Proxier;
  private readonly servers: Server[] = [];
  private abort = new AbortController();
  private running: Promise<void>;

  constructor(options: Partial<ProxyOptions> = {}) {
    const { services, slices, nodes } = this;
    const event = (_: unknown, type: string, reason: string, message: string) => {
      this.events.push(`${type} ${reason}`);
      this.messages.push(message);
    };
    const mode = userspaceMode({ privileged: true });
    this.proxier = new Proxier({ services, slices, nodes }, { event }, { mode, nodePortAddresses: [], ...options });
    this.running = this.run();
  }

  /** Of the events. */
  readonly messages: string[] = [];

  private run(): Promise<void> {
    return this.proxier.run({ signal: this.abort.signal, clock: this.clock, logger: silentLogger });
  }

  async stop(): Promise<void> {
    this.abort.abort(new Error('test over'));
    await this.running;
  }

  /** Runs the proxy again after it was stopped. */
  start(): void {
    this.abort = new AbortController();
    this.running = this.run();
  }

  async close(): Promise<void> {
    await this.stop();
    for (const server of this.servers.splice(0)) server.close();
  }

  /** A Pod at the wire address `.1.<host>` that greets with its name, then echoes; ends when its client ends. */
  async pod(host: number, port: number): Promise<Server> {
    const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
      this.seen.push(socket.remoteAddress ?? '');
      socket.on('error', () => undefined);
      socket.write(`pod ${host}\n`);
      socket.pipe(socket);
    });
    server.listen(port, this.podHost(host));
    await once(server, 'listening');
    this.servers.push(server);
    return server;
  }

  podHost(host: number): string {
    return `127.${this.octet}.1.${host}`;
  }

  /** A Pod that says over UDP who it is, who asked and what was said. Answers how to stop it. */
  async udpPod(host: number, port: number): Promise<() => void> {
    const socket = createSocket('udp4');
    socket.on('message', (data, from) => {
      this.seen.push(from.address);
      socket.send(`pod ${host}: ${data}`, from.port, from.address);
    });
    socket.bind(port, this.podHost(host));
    await once(socket, 'listening');
    return () => socket.close();
  }

  async freePort(host = this.serviceHost): Promise<number> {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  endpoint(host: number, ready = true): Endpoint {
    return { addresses: [`10.${this.octet}.1.${host}`], nodeName: 'w', conditions: { ready } };
  }

  /** Connects and reads up to the first line; `refused` where nothing listens or the connection is reset. */
  async greeting(port: number, { host = this.serviceHost, from }: Call = {}): Promise<string> {
    const socket = connect({ port, host, ...(from && { localAddress: from }) });
    try {
      const [data] = await once(socket, 'data');
      return String(data).trim();
    } catch {
      return 'refused';
    } finally {
      socket.destroy();
    }
  }

  udpClient(port: number, { host = this.serviceHost, from }: Call = {}) {
    const socket = createSocket('udp4');
    if (from) socket.bind({ address: from });
    let serial = 0;
    return {
      close: () => socket.close(),
      /** Asks until this question has its answer: datagrams may be lost while ports open, and come late. */
      async ask(text: string): Promise<string> {
        const question = `${text} #${serial++}`;
        const send = () => socket.send(question, port, host);
        const again = setInterval(send, 20);
        send();
        try {
          for await (const [data] of on(socket, 'message')) {
            if (String(data).endsWith(question)) return String(data).replace(/ #\d+$/, '');
          }
          throw new Error('the socket closed');
        } finally {
          clearInterval(again);
        }
      },
    };
  }
}
