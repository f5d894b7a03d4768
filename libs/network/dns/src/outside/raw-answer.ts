import type { Query } from '../message/query.js';
import { appendEdns, OPT_BYTES } from '../message/reply.js';
import { RCODE, TYPE } from '../message/types.js';

const HEADER_BYTES = 12;
/** Of a record after its name: type, class, TTL and length. */
const FIXED_BYTES = 10;
const POINTER = 0xc0;
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const RCODE_BITS = 0x000f;
/** Of a TTL: what has the highest bit is none (RFC 2181). */
const LONGEST_TTL = 0x7fff_ffff;

/** What a server said, as it may be said again to others. */
export interface RawAnswer {
  /** Without its EDNS, which is between two neighbours. */
  readonly bytes: Buffer;
  /** Where its records have their TTL. */
  readonly ttls: readonly number[];
  readonly rcode: number;
  readonly isCut: boolean;
  /** Seconds for which it holds. */
  readonly ttl: number;
}

interface WalkedRecord {
  readonly start: number;
  readonly type: number;
  readonly ttlAt: number;
  readonly end: number;
  readonly section: number;
}

function skipName(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    if ((length & POINTER) === POINTER) return at + 2;
    if (length === 0) return at + 1;
    if ((length & POINTER) !== 0) throw new Error('a label of a kind that there is not');
    at += length + 1;
  }
  throw new Error('a name has no end');
}

/** The records behind the question. Throws where they end early. */
function walk(bytes: Buffer, start: number): WalkedRecord[] {
  const records: WalkedRecord[] = [];
  let at = start;
  for (let section = 1; section <= 3; section += 1) {
    for (let left = bytes.readUInt16BE(4 + 2 * section); left > 0; left -= 1) {
      const fixed = skipName(bytes, at);
      if (fixed + FIXED_BYTES > bytes.length) throw new Error('a record has no end');
      const end = fixed + FIXED_BYTES + bytes.readUInt16BE(fixed + 8);
      if (end > bytes.length) throw new Error('a record has no end');
      records.push({ start: at, type: bytes.readUInt16BE(fixed), ttlAt: fixed + 4, end, section });
      at = end;
    }
  }
  return records;
}

const ttlOf = (bytes: Buffer, { ttlAt }: WalkedRecord): number => {
  const ttl = bytes.readUInt32BE(ttlAt);
  return ttl > LONGEST_TTL ? 0 : ttl;
};

/** That something is not there holds as long as the zone's SOA says (RFC 2308), whose last field that is. */
function negativeTtl(bytes: Buffer, records: readonly WalkedRecord[]): number {
  const soa = records.find(({ type, section }) => type === TYPE.SOA && section === 2);
  return soa && soa.end - 4 > soa.ttlAt ? Math.min(ttlOf(bytes, soa), bytes.readUInt32BE(soa.end - 4)) : 0;
}

function holdsFor(bytes: Buffer, rcode: number, records: readonly WalkedRecord[]): number {
  const answers = records.filter(({ section }) => section === 1);
  if (rcode !== RCODE.NOERROR || answers.length === 0) return negativeTtl(bytes, records);
  return Math.min(...records.map((record) => ttlOf(bytes, record)));
}

/** Without the record of EDNS. Others behind it may point past it: they go with it. */
function withoutEdns(bytes: Buffer, all: readonly WalkedRecord[]): { bytes: Buffer; records: readonly WalkedRecord[] } {
  const at = all.findIndex(({ type }) => type === TYPE.OPT);
  const opt = all[at];
  if (!opt) return { bytes, records: all };
  if (opt.section !== 3) throw new Error('EDNS stands among the answers');
  if (bytes.readUInt8(opt.ttlAt) !== 0) throw new Error('the server does not speak this EDNS');
  const records = all.slice(0, at);
  const cut = Buffer.from(bytes.subarray(0, opt.start));
  cut.writeUInt16BE(records.filter(({ section }) => section === 3).length, 10);
  return { bytes: cut, records };
}

/** Whether it is the same question, whatever its letters. */
const isAsked = (bytes: Buffer, question: Buffer): boolean =>
  bytes
    .subarray(HEADER_BYTES, HEADER_BYTES + question.length)
    .toString('latin1')
    .toLowerCase() === question.toString('latin1').toLowerCase();

/** Reads what a server answered to a question of this id. Throws where it is no answer to that. */
export function readAnswer(bytes: Buffer, id: number, question: Buffer): RawAnswer {
  if (bytes.length < HEADER_BYTES + question.length || bytes.readUInt16BE(0) !== id)
    throw new Error('an answer to another question');
  const flags = bytes.readUInt16BE(2);
  const isAnswer = (flags & (RESPONSE | OPCODE)) === RESPONSE && bytes.readUInt16BE(4) === 1;
  if (!isAnswer || !isAsked(bytes, question)) throw new Error('an answer to another question');
  const isCut = (flags & TRUNCATED) !== 0;
  const rcode = flags & RCODE_BITS;
  const start = HEADER_BYTES + question.length;
  // What was cut may end anywhere.
  if (isCut) return { bytes: bytes.subarray(0, start), ttls: [], rcode, isCut, ttl: 0 };
  const { bytes: own, records } = withoutEdns(bytes, walk(bytes, start));
  return { bytes: own, ttls: records.map(({ ttlAt }) => ttlAt), rcode, isCut, ttl: holdsFor(own, rcode, records) };
}

/** The answer to another who asks the same, `age` seconds later, in at most `limit` bytes. */
export function answerTo(
  { id, question, recursionDesired, edns }: Query,
  answer: RawAnswer,
  age: number,
  limit: number,
): Buffer {
  const room = limit - (edns ? OPT_BYTES : 0);
  const isCut = answer.isCut || answer.bytes.length > room;
  const whole = isCut ? answer.bytes.subarray(0, HEADER_BYTES + question.length) : answer.bytes;
  const bytes = Buffer.alloc(whole.length + (edns ? OPT_BYTES : 0));
  whole.copy(bytes);
  question.copy(bytes, HEADER_BYTES);
  const kept = bytes.readUInt16BE(2) & ~(AUTHORITATIVE | TRUNCATED | RECURSION_DESIRED);
  const flags = kept | RECURSION_AVAILABLE | (isCut ? TRUNCATED : 0) | (recursionDesired ? RECURSION_DESIRED : 0);
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(flags, 2);
  if (isCut) bytes.fill(0, 6, HEADER_BYTES);
  else for (const at of answer.ttls) bytes.writeUInt32BE(Math.max(0, bytes.readUInt32BE(at) - age), at);
  if (edns) appendEdns(bytes, whole.length);
  return bytes;
}
