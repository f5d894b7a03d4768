import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import dnsPacket, { type Answer, type Packet } from 'dns-packet';
import type { Wire } from '../network/wire.js';

/** What a server of a test says to `name TYPE`: records, a code, or silence. */
export type Zone = Readonly<Record<string, readonly Answer[] | 'SERVFAIL' | 'REFUSED' | 'silence'>>;

const RCODES = { SERVFAIL: 2, REFUSED: 5, NXDOMAIN: 3 };
const PLAIN_DATAGRAM = 512;

export const a = (name: string, data: string): Answer => ({ name, type: 'A', ttl: 30, data });

type Known = Exclude<Zone[string], 'silence'> | 'NXDOMAIN';

function responseTo(question: Packet, known: Known): Packet {
  const isCode = typeof known === 'string';
  const flags = dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.RECURSION_DESIRED | (isCode ? RCODES[known] : 0);
  return { ...question, type: 'response', flags, answers: isCode ? [] : [...known] };
}

/** As much of it as the transport carries. */
function cutTo(response: Packet, transport: 'udp' | 'tcp'): Buffer {
  const whole = dnsPacket.encode(response);
  const [edns] = response.additionals ?? [];
  const limit = edns && 'udpPayloadSize' in edns ? edns.udpPayloadSize : PLAIN_DATAGRAM;
  if (transport === 'tcp' || whole.length <= limit) return whole;
  const flags = (response.flags ?? 0) | dnsPacket.TRUNCATED_RESPONSE;
  return dnsPacket.encode({ ...response, answers: [], flags });
}

/** A server of names at an address of the wire, by both transports, that keeps what it was asked. */
export class NameServer {
  readonly asked: string[] = [];
  private readonly closing: Array<() => void> = [];

  constructor(private readonly zone: Zone) {}

  async open(wire: Wire, ip: string): Promise<this> {
    const { host, port } = wire.place(ip, 53);
    const udp = createSocket('udp4').bind({ address: host, port });
    await once(udp, 'listening');
    const tcp = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        const answer = this.answer(bytes.subarray(2), 'tcp');
        if (answer) socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
      });
    });
    await once(tcp.listen({ host, port }), 'listening');
    udp.on('message', (bytes, from) => {
      const answer = this.answer(bytes, 'udp');
      if (answer) udp.send(answer, from.port, from.address);
    });
    const places = (['udp', 'tcp'] as const).map((transport) => wire.hold({ host, port }, transport));
    this.closing.push(
      ...places,
      () => udp.close(),
      () => tcp.close(),
    );
    return this;
  }

  close(): void {
    for (const close of this.closing.splice(0)) close();
  }

  private answer(bytes: Buffer, transport: 'udp' | 'tcp'): Buffer | undefined {
    const { id = 0, questions = [], additionals = [] } = dnsPacket.decode(bytes);
    const [{ name, type } = { name: '', type: 'A' }] = questions;
    this.asked.push(`${transport} ${name} ${type}`);
    const known = this.zone[`${name} ${type}`] ?? (this.isName(name) ? [] : 'NXDOMAIN');
    if (known === 'silence') return undefined;
    const edns = additionals.filter((record) => record.type === 'OPT');
    return cutTo(responseTo({ id, questions, additionals: edns }, known), transport);
  }

  private isName(name: string): boolean {
    return Object.keys(this.zone).some((key) => key.startsWith(`${name} `));
  }
}
