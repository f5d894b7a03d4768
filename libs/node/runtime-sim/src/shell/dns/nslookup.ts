import { defineCommand } from 'just-bash';
import type { DnsRecord } from '../../network/dns-client.js';
import type { Found } from '../../network/stub-resolver.js';
import { messageOf, type RunPort } from '../commands.js';
import { reversed, said, typeOf } from './question-words.js';

/** What stands before what a record holds. */
const TITLES: Readonly<Record<string, string>> = {
  CNAME: 'canonical name = ',
  PTR: 'name = ',
  SRV: 'service = ',
  TXT: 'text = ',
  NS: 'nameserver = ',
  MX: 'mail exchanger = ',
};

function lineOf({ name, type, data }: DnsRecord): string {
  const plain = name.replace(/\.$/, '');
  if (type === 'A' || type === 'AAAA') return `Name:\t${plain}\nAddress: ${data}\n`;
  return `${plain}\t${TITLES[type] ?? `rdata ${type} = `}${data}\n`;
}

function answerOf({ server, name, message }: Found): { text: string; exitCode: number } {
  const head = `Server:\t\t${server}\nAddress:\t${server}#53\n\n`;
  const { rcode, answers } = message;
  if (rcode !== 'NOERROR') return { text: `${head}** server can't find ${name}: ${rcode}\n\n`, exitCode: 1 };
  if (answers.length === 0) return { text: `${head}*** Can't find ${name}: No answer\n\n`, exitCode: 1 };
  return { text: `${head}${answers.map(lineOf).join('')}\n`, exitCode: 0 };
}

export const nslookup = (port: () => RunPort) =>
  defineCommand('nslookup', async (args) => {
    const [, asked] = args.map((arg) => /^-(?:query|querytype|type|q)=(\w+)$/.exec(arg)).find((found) => found) ?? [];
    const [name = '', server] = args.filter((arg) => !arg.startsWith('-'));
    const about = reversed(name);
    const type = about ? 'PTR' : (typeOf(asked ?? '') ?? 'A');
    const wanted = { name: about ?? name, type, search: !about, ...(server !== undefined && { server }) };
    try {
      const { text, exitCode } = answerOf((await port().ask({ kind: 'lookup', wanted })) as Found);
      return said(text, exitCode);
    } catch (error) {
      return said(`;; communications error: ${messageOf(error)}\n;; no servers could be reached\n\n`, 1);
    }
  });
