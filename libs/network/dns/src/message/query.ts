import { decodeRecord } from './codec.js';
import { type Rcode, TYPE } from './types.js';

const HEADER_BYTES = 12;
/** A question is at most 271 bytes; the rest is for options. */
const LONGEST_QUERY = 4096;
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
/** OPT and a signature. */
const MOST_ADDITIONAL = 2;

const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const RECURSION_DESIRED = 0x0100;
const CHECKING_DISABLED = 0x0010;
const DNSSEC_OK = 0x8000;

/** What a client says of itself by EDNS (RFC 6891). */
export interface Edns {
  /** Bytes of a datagram it takes. */
  readonly payloadSize: number;
  readonly dnssecOk: boolean;
}

/** One question that may be answered. */
export interface Query {
  readonly id: number;
  /** In lower case, the one that is furthest from the root first. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  /** The question as it came: its name with the letters the client chose, type and class. */
  readonly question: Buffer;
  readonly edns?: Edns;
}

/** A message that is answered by this code alone. */
export interface BadQuery {
  readonly id: number;
  readonly rcode: Rcode;
  readonly question?: Buffer;
  readonly recursionDesired?: boolean;
}

export type Read = { readonly query: Query } | { readonly bad: BadQuery };

interface Name {
  readonly labels: readonly string[];
  /** Where it ends. */
  readonly end: number;
}

/** A name without pointers, which a question has no use for; undefined where it is none. */
function readName(bytes: Buffer, start: number): Name | undefined {
  const labels: string[] = [];
  for (let at = start; at < bytes.length && at - start < LONGEST_NAME; ) {
    const length = bytes[at] ?? 0;
    at += 1;
    if (length === 0) return { labels, end: at };
    if (length > LONGEST_LABEL || at + length > bytes.length) return undefined;
    labels.push(bytes.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  return undefined;
}

/** What follows the question. Throws where it cannot be read, or says two things. */
function readEdns(bytes: Buffer, start: number, count: number): { edns?: Edns; version: number } {
  let found: { edns: Edns; version: number } | undefined;
  for (let at = start, left = count; left > 0; left -= 1) {
    const { record, end } = decodeRecord(bytes, at);
    at = end;
    if (record.type !== 'OPT') continue;
    if (found || record.name !== '.') throw new Error('more than one OPT, or one with a name');
    const { udpPayloadSize: payloadSize = 0, flags = 0, ednsVersion: version = 0 } = record;
    found = { edns: { payloadSize, dnssecOk: (flags & DNSSEC_OK) !== 0 }, version };
  }
  return found ?? { version: 0 };
}

interface Header {
  readonly id: number;
  readonly flags: number;
  readonly counts: readonly [number, number, number, number];
}

function readHeader(bytes: Buffer): Header {
  const at = (offset: number) => bytes.readUInt16BE(offset);
  return { id: at(0), flags: at(2), counts: [at(4), at(6), at(8), at(10)] };
}

/** The code of what is wrong with a header, if anything is. */
function complaint({ flags, counts: [questions, answers, authorities, additionals] }: Header): Rcode | undefined {
  if ((flags & OPCODE) !== 0) return 'NOTIMP';
  const isOne = questions === 1 && answers === 0 && authorities === 0 && additionals <= MOST_ADDITIONAL;
  return isOne ? undefined : 'FORMERR';
}

function readQuestion(bytes: Buffer, { id, flags, counts }: Header): Read {
  const bad = (rcode: Rcode, question?: Buffer): Read => ({
    bad: { id, rcode, recursionDesired, ...(question && { question }) },
  });
  const recursionDesired = (flags & RECURSION_DESIRED) !== 0;
  const name = readName(bytes, HEADER_BYTES);
  if (!name || name.end + 4 > bytes.length) return bad('FORMERR');
  const end = name.end + 4;
  const question = bytes.subarray(HEADER_BYTES, end);
  const type = bytes.readUInt16BE(name.end);
  // A record of the message itself; nobody has one to tell of.
  if (type === TYPE.OPT) return bad('FORMERR', question);
  try {
    const { edns, version } = counts[3] > 0 ? readEdns(bytes, end, counts[3]) : { version: 0 };
    if (version !== 0) return bad('BADVERS', question);
    const checkingDisabled = (flags & CHECKING_DISABLED) !== 0;
    const asked = { labels: name.labels, type, class: bytes.readUInt16BE(name.end + 2), question };
    return { query: { id, ...asked, recursionDesired, checkingDisabled, ...(edns && { edns }) } };
  } catch {
    return bad('FORMERR', question);
  }
}

/** Reads what a client sent. Never throws; undefined for what must not be answered at all. */
export function readQuery(bytes: Buffer): Read | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const header = readHeader(bytes);
  // An answer is never answered: two servers could go on for ever.
  if ((header.flags & RESPONSE) !== 0) return undefined;
  const rcode = bytes.length > LONGEST_QUERY ? 'FORMERR' : complaint(header);
  return rcode ? { bad: { id: header.id, rcode } } : readQuestion(bytes, header);
}
