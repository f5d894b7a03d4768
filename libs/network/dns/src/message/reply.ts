import { dataLength, encodeData } from './codec.js';
import type { Query } from './query.js';
import { CLASS_IN, RCODE, type Rcode, type ResourceRecord, TYPE } from './types.js';

const HEADER_BYTES = 12;
/** Of a record besides its name and what it holds: type, class and TTL. */
const FIXED_BYTES = 8;
export const OPT_BYTES = 11;
/** A SOA with two names of 255 bytes, and some. */
const LARGEST_RECORD = 1024;
const POINTER = 0xc000;
const FURTHEST_POINTER = 0x3fff;
/** A greater code goes by EDNS with its upper bits. */
const LARGEST_PLAIN_RCODE = 0xf;
const NO_QUESTION = Buffer.alloc(0);

const RESPONSE = 0x8000;
const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;

/** What this server takes in a datagram, as it says by EDNS: one that no network between here and there breaks up. */
export const OWN_PAYLOAD_SIZE = 1232;

/** What is said to a query. */
export interface Reply {
  readonly rcode: Rcode;
  readonly authoritative?: boolean;
  readonly recursionAvailable?: boolean;
  readonly answers?: readonly ResourceRecord[];
  readonly authorities?: readonly ResourceRecord[];
  /** What the client would ask next; left out where it does not fit. */
  readonly additionals?: readonly ResourceRecord[];
}

/** What of a query its answer repeats. */
export type Asked = Pick<Query, 'id'> & Partial<Pick<Query, 'question' | 'recursionDesired' | 'edns' | 'labels'>>;

/** Writes records into a message of bounded size, names that stand in it already by pointing there (RFC 1035, 4.1.4). */
class MessageWriter {
  readonly bytes: Buffer;
  /** Names that were written, besides the question's. */
  private readonly known = new Map<string, number>();
  private readonly question: string;

  constructor(
    room: number,
    private readonly limit: number,
    public at: number,
    labels: readonly string[],
  ) {
    this.bytes = Buffer.allocUnsafe(room);
    // A label with a dot in it is none of those that are written here.
    this.question = labels.some((label) => label.includes('.')) ? '' : labels.join('.');
  }

  /** False, and nothing written, where it would not fit. */
  record(record: ResourceRecord): boolean {
    const start = this.at;
    this.name(record.name);
    this.at = this.bytes.writeUInt16BE(TYPE[record.type], this.at);
    this.at = this.bytes.writeUInt16BE(CLASS_IN, this.at);
    this.at = this.bytes.writeUInt32BE(record.ttl, this.at);
    this.at = encodeData(record, this.bytes, this.at);
    if (this.at <= this.limit) return true;
    this.at = start;
    for (const [name, offset] of this.known) if (offset >= start) this.known.delete(name);
    return false;
  }

  /** How many of these fit. */
  records(records: readonly ResourceRecord[]): number {
    const at = records.findIndex((record) => !this.record(record));
    return at < 0 ? records.length : at;
  }

  private name(text: string): void {
    for (let rest = text.toLowerCase(); rest !== ''; rest = rest.slice(rest.indexOf('.') + 1 || rest.length)) {
      const pointer = this.inQuestion(rest) ?? this.known.get(rest);
      if (pointer !== undefined) {
        this.at = this.bytes.writeUInt16BE(POINTER | pointer, this.at);
        return;
      }
      if (this.at <= FURTHEST_POINTER) this.known.set(rest, this.at);
      this.label(rest.split('.', 1)[0] ?? '');
    }
    this.at = this.bytes.writeUInt8(0, this.at);
  }

  /** Where the question ends in a name: each label takes as many bytes as with its dot. */
  private inQuestion(name: string): number | undefined {
    const { question } = this;
    const before = question.length - name.length;
    if (before < 0 || !question.endsWith(name)) return undefined;
    return before === 0 || question[before - 1] === '.' ? HEADER_BYTES + before : undefined;
  }

  private label(text: string): void {
    const length = this.bytes.write(text, this.at + 1, 'latin1');
    this.bytes.writeUInt8(length, this.at);
    this.at += length + 1;
  }
}

/** Enough for the records, and no more than for one that turns out to be too many. */
function roomFor(start: number, { answers = [], authorities = [], additionals = [] }: Reply, limit: number): number {
  let room = start + OPT_BYTES;
  for (const section of [answers, authorities, additionals])
    for (const record of section) {
      room += record.name.length + 2 + FIXED_BYTES + dataLength(record);
      if (room > limit + LARGEST_RECORD) return room;
    }
  return room;
}

function writeHeader(bytes: Buffer, asked: Asked, flags: number, counts: readonly number[]): void {
  bytes.writeUInt16BE(asked.id, 0);
  bytes.writeUInt16BE(flags, 2);
  counts.forEach((count, index) => bytes.writeUInt16BE(count, 4 + 2 * index));
}

/** Says in a message that ends at `start` what this server takes by EDNS, where there is room for that. */
export function appendEdns(bytes: Buffer, start: number): void {
  writeEdns(bytes, start, 0);
  bytes.writeUInt16BE(bytes.readUInt16BE(10) + 1, 10);
}

function writeEdns(bytes: Buffer, start: number, rcode: number): number {
  let at = bytes.writeUInt8(0, start);
  at = bytes.writeUInt16BE(TYPE.OPT, at);
  at = bytes.writeUInt16BE(OWN_PAYLOAD_SIZE, at);
  at = bytes.writeUInt8(rcode >> 4, at);
  at = bytes.writeUInt8(0, at);
  at = bytes.writeUInt16BE(0, at);
  return bytes.writeUInt16BE(0, at);
}

const flagsOf = ({ recursionDesired }: Asked, { authoritative, recursionAvailable }: Reply, isCut: boolean): number =>
  RESPONSE |
  (authoritative ? AUTHORITATIVE : 0) |
  (isCut ? TRUNCATED : 0) |
  (recursionDesired ? RECURSION_DESIRED : 0) |
  (recursionAvailable ? RECURSION_AVAILABLE : 0);

interface Written {
  readonly answers: number;
  readonly authorities: number;
  readonly additionals: number;
  readonly isCut: boolean;
}

/** Where not all fits, what was asked for comes first, and what was not is left out. */
function writeSections(writer: MessageWriter, { answers = [], authorities = [], additionals = [] }: Reply): Written {
  const written = { answers: writer.records(answers), authorities: 0, additionals: 0, isCut: true };
  if (written.answers < answers.length) return written;
  const told = { ...written, authorities: writer.records(authorities) };
  if (told.authorities < authorities.length) return told;
  return { ...told, additionals: writer.records(additionals), isCut: false };
}

/** The message of a reply, of at most `limit` bytes: where not all answers fit, those that do and the flag that says so. */
export function writeReply(asked: Asked, reply: Reply, limit: number): Buffer {
  const { question = NO_QUESTION, labels = [], edns } = asked;
  const rcode = RCODE[reply.rcode];
  const ednsBytes = edns !== undefined || rcode > LARGEST_PLAIN_RCODE ? OPT_BYTES : 0;
  const start = HEADER_BYTES + question.length;
  const writer = new MessageWriter(roomFor(start, reply, limit), limit - ednsBytes, start, labels);
  question.copy(writer.bytes, HEADER_BYTES);
  const { answers, authorities, additionals, isCut } = writeSections(writer, reply);
  if (ednsBytes > 0) writer.at = writeEdns(writer.bytes, writer.at, rcode);
  const counts = [question.length > 0 ? 1 : 0, answers, authorities, additionals + (ednsBytes > 0 ? 1 : 0)];
  writeHeader(writer.bytes, asked, flagsOf(asked, reply, isCut) | (rcode & LARGEST_PLAIN_RCODE), counts);
  return writer.bytes.subarray(0, writer.at);
}
