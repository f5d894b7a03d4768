import { defineCommand } from 'just-bash';
import type { DnsMessage, DnsRecord } from '../../network/dns-client.js';
import type { Found, Lookup } from '../../network/stub-resolver.js';
import { messageOf, type RunPort } from '../commands.js';
import { reversed, said, typeOf } from './question-words.js';

const NOBODY_REACHED = 9;
/** What dig says that it takes. */
const BUFFER_SIZE = 1232;

/** What `dig` is asked, and how it is to tell. */
export interface DigQuestion {
  readonly wanted: Lookup;
  readonly short: boolean;
  /** Nothing but the answers. */
  readonly answerOnly: boolean;
}

/** Options whose value is the next word. */
const WITH_VALUE = new Set(['-p', '-t', '-x', '-q', '-b', '-c', '-k', '-y', '-f']);

interface Words {
  readonly plain: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  /** Without their `+`. */
  readonly flags: readonly string[];
  readonly server?: string;
}

function sorted(args: readonly string[]): Words {
  const [plain, flags, values]: [string[], string[], Map<string, string>] = [[], [], new Map()];
  let server: string | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (WITH_VALUE.has(word)) values.set(word, args[(at += 1)] ?? '');
    else if (word.startsWith('@')) server = word.slice(1);
    else if (word.startsWith('+')) flags.push(word.slice(1));
    else if (!word.startsWith('-')) plain.push(word);
  }
  return { plain, flags, values, ...(server !== undefined && { server }) };
}

function bufferSize(flags: readonly string[]): number | undefined {
  if (flags.includes('noedns')) return undefined;
  const [, size] = flags.map((flag) => /^bufsize=(\d{1,5})$/.exec(flag)).find((found) => found) ?? [];
  return size === undefined ? BUFFER_SIZE : Number(size);
}

/** The last of a flag and of the one that takes it back says. */
const isOn = (flags: readonly string[], ...names: readonly string[]): boolean =>
  names.includes(flags.findLast((flag) => names.includes(flag) || names.includes(flag.replace(/^no/, ''))) ?? '');

export function digQuestion(args: readonly string[]): DigQuestion {
  const { plain, flags, values, server } = sorted(args);
  const about = reversed(values.get('-x') ?? '');
  const types = [values.get('-t') ?? '', ...plain].flatMap((word) => typeOf(word) ?? []);
  const names = plain.filter((word) => typeOf(word) === undefined && word.toUpperCase() !== 'IN');
  const size = bufferSize(flags);
  const port = Number(values.get('-p'));
  const wanted = {
    name: about ?? values.get('-q') ?? names[0] ?? '.',
    type: about ? 'PTR' : (types[0] ?? 'A'),
    search: isOn(flags, 'search'),
    tcp: isOn(flags, 'tcp', 'vc'),
    ...(port && { port }),
    ...(size !== undefined && { bufferSize: size }),
    ...(server !== undefined && { server }),
  };
  return { wanted, short: isOn(flags, 'short'), answerOnly: flags.includes('noall') };
}

const line = ({ name, ttl, type, data }: DnsRecord): string => `${name}\t${ttl}\tIN\t${type}\t${data}\n`;

function section(title: string, records: readonly DnsRecord[]): string {
  return records.length > 0 ? `;; ${title} SECTION:\n${records.map(line).join('')}\n` : '';
}

function header({ rcode, id, flags, bufferSize: size, ...message }: DnsMessage): string {
  const additional = message.additionals.length + (size === undefined ? 0 : 1);
  const counts = `QUERY: 1, ANSWER: ${message.answers.length}, AUTHORITY: ${message.authorities.length}, ADDITIONAL: ${additional}`;
  const edns = size === undefined ? '' : `;; OPT PSEUDOSECTION:\n; EDNS: version: 0, flags:; udp: ${size}\n`;
  return `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: ${id}\n;; flags: ${flags.join(' ')}; ${counts}\n\n${edns}`;
}

/** All of a message, as dig prints it. */
export function digText({ server, name, message }: Found, { wanted }: DigQuestion, words: readonly string[]): string {
  const { answers, authorities, additionals, bytes, tcp } = message;
  const port = wanted.port ?? 53;
  return [
    `\n; <<>> DiG 9.18.0-simulated <<>> ${words.join(' ')}\n;; Got answer:\n`,
    header(message),
    `;; QUESTION SECTION:\n;${name}${name.endsWith('.') ? '' : '.'}\tIN\t${wanted.type}\n\n`,
    section('ANSWER', answers),
    section('AUTHORITY', authorities),
    section('ADDITIONAL', additionals),
    `;; SERVER: ${server}#${port}(${server}) (${tcp ? 'TCP' : 'UDP'})\n;; MSG SIZE  rcvd: ${bytes}\n\n`,
  ].join('');
}

export const dig = (port: () => RunPort) =>
  defineCommand('dig', async (args) => {
    const question = digQuestion(args);
    try {
      const found = (await port().ask({ kind: 'lookup', wanted: question.wanted })) as Found;
      const { answers } = found.message;
      if (question.short) return said(answers.map(({ data }) => `${data}\n`).join(''));
      return said(question.answerOnly ? answers.map(line).join('') : digText(found, question, args));
    } catch (error) {
      return said(`;; communications error: ${messageOf(error)}\n;; no servers could be reached\n`, NOBODY_REACHED);
    }
  });
