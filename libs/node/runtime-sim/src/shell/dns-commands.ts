import { type CustomCommand, defineCommand } from 'just-bash';
import type { DnsRecord, RecordType } from '../network/dns.js';
import type { RunPort } from './commands.js';

const TYPES: readonly string[] = ['A', 'AAAA', 'CNAME', 'PTR', 'SRV'];
const MOST_CHAIN = 8;
const TTL = 30;

const isType = (word: string): word is RecordType => TYPES.includes(word);
const said = (stdout: string, exitCode = 0) => ({ stdout, stderr: '', exitCode });

/** What `dig` is asked: `+short`, a name and a type. */
interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly short: boolean;
  readonly answerOnly: boolean;
}

const reversed = (address: string): string => `${address.split('.').reverse().join('.')}.in-addr.arpa`;

function questionOf(args: readonly string[]): Question {
  const reverse = args.indexOf('-x');
  const words = args.filter((arg, at) => !/^[-+@]/.test(arg) && !/^-[xpt]$/.test(args[at - 1] ?? ''));
  const type = words.find((word) => isType(word.toUpperCase()))?.toUpperCase() as RecordType | undefined;
  const name = words.find((word) => !isType(word.toUpperCase())) ?? '';
  const asked = { short: args.includes('+short'), answerOnly: args.includes('+noall') };
  if (reverse >= 0) return { ...asked, name: reversed(args[reverse + 1] ?? ''), type: 'PTR' };
  return { ...asked, name, type: type ?? 'A' };
}

async function lookup(port: RunPort, name: string, type: RecordType): Promise<readonly DnsRecord[]> {
  return (await port.ask({ kind: 'records', name, type })) as readonly DnsRecord[];
}

/** With what an alias stands for. */
async function chain(port: RunPort, name: string, type: RecordType): Promise<DnsRecord[]> {
  const found: DnsRecord[] = [];
  for (let next: string | undefined = name, hops = 0; next !== undefined && hops < MOST_CHAIN; hops += 1) {
    const records = await lookup(port, next, type);
    found.push(...records);
    next = type === 'CNAME' ? undefined : records.find((record) => record.type === 'CNAME')?.data;
  }
  return found;
}

const line = ({ name, type, data }: DnsRecord): string => `${name}\t${TTL}\tIN\t${type}\t${data}\n`;

const dig = (port: () => RunPort) =>
  defineCommand('dig', async (args) => {
    const { name, type, short, answerOnly } = questionOf(args);
    const records = await chain(port(), name, type);
    if (short) return said(records.map(({ data }) => `${data}\n`).join(''));
    const answers = records.map(line).join('');
    if (answerOnly) return said(answers);
    const status = records.length > 0 ? 'NOERROR' : 'NXDOMAIN';
    const header = `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n;; ANSWER: ${records.length}\n\n`;
    return said(`${header};; QUESTION SECTION:\n;${name}.\tIN\t${type}\n\n;; ANSWER SECTION:\n${answers}`);
  });

/** All a name has; the one its own network finds where the DNS knows of none, such as `localhost`. */
async function addressesOf(port: RunPort, name: string): Promise<string[]> {
  const records = await chain(port, name, 'A');
  const found = records.filter(({ type }) => type === 'A').map(({ data }) => data);
  if (found.length > 0) return found;
  return await port.ask({ kind: 'resolve', name }).then(
    (address) => [String(address)],
    () => [],
  );
}

const nslookup = (port: () => RunPort) =>
  defineCommand('nslookup', async (args) => {
    const [name = ''] = args.filter((arg) => !arg.startsWith('-'));
    const addresses = await addressesOf(port(), name);
    if (addresses.length === 0) return { stdout: '', stderr: `** server can't find ${name}: NXDOMAIN\n`, exitCode: 1 };
    return said(addresses.map((address) => `Name:\t${name}\nAddress: ${address}\n`).join(''));
  });

/** The names `/etc/hosts` gives an address. */
function hostsOf(text: string, name: string): string[] {
  const lines = text.split('\n').map((each) => each.replace(/#.*/, '').trim().split(/\s+/));
  return lines.flatMap(([address = '', ...names]) =>
    names.includes(name) ? [`${address}\t${names.join(' ')}\n`] : [],
  );
}

const getent = (port: () => RunPort) =>
  defineCommand('getent', async ([database = '', name = ''], ctx) => {
    if (!/^(ahosts|hosts)/.test(database)) return said('', 2);
    const known = hostsOf(await ctx.fs.readFile('/etc/hosts').catch(() => ''), name);
    const asked = known.length > 0 ? [] : await addressesOf(port(), name);
    const lines = [...known, ...asked.map((address) => `${address}\t${name}\n`)];
    return said(lines.join(''), lines.length > 0 ? 0 : 2);
  });

/** Commands that ask the cluster's DNS. */
export const dnsCommands = (port: () => RunPort): CustomCommand[] => [dig, nslookup, getent].map((make) => make(port));
