import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import dnsPacket, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import { isLegalName } from './name-files.js';

/** How questions leave a Pod. */
export interface Dial {
  datagram(host: string, port: number, message: Buffer, timeoutMilliseconds: number): Promise<Buffer>;
  connect(host: string, port: number, timeoutMilliseconds: number): Promise<Socket>;
}

/** One question to one server. */
export interface DnsQuestion {
  readonly server: string;
  readonly port: number;
  /** In full, without a dot at its end; empty for the root. */
  readonly name: string;
  readonly type: string;
  readonly tcp?: boolean;
  /** Bytes that an answer may have by EDNS, which is not spoken without it. */
  readonly bufferSize?: number;
  readonly timeoutMilliseconds: number;
}

export interface DnsRecord {
  /** In full, with the dot at its end. */
  readonly name: string;
  readonly ttl: number;
  readonly type: string;
  /** As `dig` writes it: an address, a name, or `0 100 80 name.`. */
  readonly data: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly rcode: string;
  /** As `dig` writes them: `qr`, `aa`, `tc`, `rd`, `ra`. */
  readonly flags: readonly string[];
  /** Bytes that the server takes by EDNS. */
  readonly bufferSize?: number;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
  readonly bytes: number;
  readonly tcp: boolean;
}

const LENGTH_BYTES = 2;
const LARGEST_ID = 0x10000;
const FLAGS = ['qr', 'aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const;

const dotted = (name: string): string => (name === '.' || name === '' ? '.' : `${name}.`);

/** Texts stand in quotation marks; what is not known is told in hexadecimal, as RFC 3597 has it. */
function textOf(data: unknown): string {
  if (typeof data === 'string') return data;
  if (Buffer.isBuffer(data)) return `\\# ${data.length} ${data.toString('hex')}`;
  if (Array.isArray(data)) return data.map((part) => JSON.stringify(String(part))).join(' ');
  return typeof data === 'object' && data !== null ? fieldsOf(data as Record<string, unknown>) : '';
}

const NAME_FIELDS = ['target', 'exchange', 'mname', 'rname'];
const FIELDS = ['priority', 'weight', 'port', 'target', 'preference', 'exchange'];
const SOA_FIELDS = ['mname', 'rname', 'serial', 'refresh', 'retry', 'expire', 'minimum'];

function fieldsOf(data: Record<string, unknown>): string {
  const known = [...FIELDS, ...SOA_FIELDS].filter((field) => field in data);
  return known
    .map((field) => (NAME_FIELDS.includes(field) ? dotted(String(data[field])) : String(data[field])))
    .join(' ');
}

const IS_NAME = new Set(['CNAME', 'NS', 'PTR', 'DNAME']);

function recordOf(answer: Answer): DnsRecord[] {
  if (answer.type === 'OPT') return [];
  const data = textOf(answer.data);
  const { name, type, ttl = 0 } = answer;
  return [{ name: dotted(name), type, ttl, data: IS_NAME.has(type) ? dotted(data) : data }];
}

function messageOf(bytes: Buffer, tcp: boolean): DnsMessage {
  const packet = dnsPacket.decode(bytes) as DecodedPacket & { rcode: string; id: number };
  const { id, rcode, answers = [], authorities = [], additionals = [] } = packet;
  const edns = additionals.find((answer) => answer.type === 'OPT');
  return {
    id,
    rcode,
    flags: FLAGS.filter((flag) => packet[`flag_${flag}`]),
    ...(edns && 'udpPayloadSize' in edns && { bufferSize: edns.udpPayloadSize }),
    answers: answers.flatMap(recordOf),
    authorities: authorities.flatMap(recordOf),
    additionals: additionals.flatMap(recordOf),
    bytes: bytes.length,
    tcp,
  };
}

function encode(id: number, { name, type, bufferSize }: DnsQuestion): Buffer {
  if (!isLegalName(name)) throw new Error('it is not a legal name');
  const edns = { type: 'OPT', name: '.', udpPayloadSize: bufferSize ?? 0, extendedRcode: 0, ednsVersion: 0, flags: 0 };
  return dnsPacket.encode({
    type: 'query',
    id,
    flags: dnsPacket.RECURSION_DESIRED,
    questions: [{ name: name || '.', type: type as RecordType }],
    ...(bufferSize !== undefined && { additionals: [{ ...edns, type: 'OPT', flag_do: false, options: [] }] }),
  });
}

/** An answer must repeat what was asked, or somebody else has sent it. */
function decode(bytes: Buffer, id: number, { name }: DnsQuestion, tcp: boolean): DnsMessage {
  const message = messageOf(bytes, tcp);
  const [asked] = dnsPacket.decode(bytes).questions ?? [];
  const isOwn = message.id === id && message.flags.includes('qr');
  if (!isOwn || (asked && asked.name.toLowerCase() !== (name || '.').toLowerCase()))
    throw new Error('an answer to another question came');
  return message;
}

async function exchange(socket: Socket, question: Buffer): Promise<Buffer> {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(question.length);
  socket.write(Buffer.concat([length, question]));
  let read: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    read = Buffer.concat([read, chunk as Buffer]);
    const end = read.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + read.readUInt16BE(0);
    if (read.length >= end) return read.subarray(LENGTH_BYTES, end);
  }
  throw new Error('the server ended the connection without an answer');
}

/** Asks servers, from one Pod. */
export class DnsClient {
  constructor(private readonly dial: Dial) {}

  /** Rejects where there is no answer in time, or none that can be read. One that was cut is asked for again by TCP. */
  async ask(question: DnsQuestion): Promise<DnsMessage> {
    const id = randomInt(LARGEST_ID);
    if (question.tcp) return await this.byTcp(question, id);
    const { server, port, timeoutMilliseconds } = question;
    const bytes = await this.dial.datagram(server, port, encode(id, question), timeoutMilliseconds);
    const message = decode(bytes, id, question, false);
    return message.flags.includes('tc') ? await this.byTcp(question, id) : message;
  }

  private async byTcp(question: DnsQuestion, id: number): Promise<DnsMessage> {
    const { server, port, timeoutMilliseconds } = question;
    const socket = await this.dial.connect(server, port, timeoutMilliseconds);
    try {
      return decode(await exchange(socket, encode(id, question)), id, question, true);
    } finally {
      socket.destroy();
    }
  }
}
