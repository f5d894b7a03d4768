import { Flags, goDuration } from '../../programs/agnhost/flags.js';
import type { RunPort } from '../commands.js';
import { failed, said, type Subcommand } from './subcommand.js';

/** How long the kernel tries where nothing is said. */
const LONGEST_MILLISECONDS = 127_000;
const TARGET = /^(.+):(\d+)$/;

/** The word by which tests know what went wrong. */
function kindOf(message: string): string {
  if (/bad address|no such host|ENOTFOUND/.test(message)) return `DNS: ${message}`;
  if (/ECONNREFUSED/.test(message)) return 'REFUSED';
  if (/timed out|ETIMEDOUT/.test(message)) return 'TIMEOUT';
  return `OTHER: ${message}`;
}

async function dial(port: RunPort, flags: Flags, host: string, number: number): Promise<void> {
  const timeoutMilliseconds = goDuration(flags.text('timeout')) || LONGEST_MILLISECONDS;
  const input = `${flags.text('udp-data', 'hostname')}\n`;
  const target = { host, port: number, timeoutMilliseconds };
  const isDatagram = flags.text('protocol', 'tcp') === 'udp';
  await port.ask(isDatagram ? { kind: 'udp', ...target, input } : { kind: 'connect', ...target });
}

/** Tries to reach `host:port`, and says how that failed. */
export const connect: Subcommand = async (words, _, port) => {
  const flags = new Flags(words);
  const target = words.find((word, index) => !word.startsWith('--') && !/^--[a-z-]+$/.test(words[index - 1] ?? ''));
  const [, host, number] = TARGET.exec(target ?? '') ?? [];
  if (host === undefined) return failed(`UNKNOWN: address ${target ?? ''}: missing port in address\n`);
  try {
    await dial(port, flags, host, Number(number));
    return said('');
  } catch (error) {
    return failed(`${kindOf(error instanceof Error ? error.message : String(error))}\n`);
  }
};
