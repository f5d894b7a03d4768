import type { ContainerStreams } from '@binnacle/node-cri';
import type { RunConsole } from '../terminal/run-console.js';
import { scriptOf } from './shells.js';

/** So much input a command is given at most; a thread holds it whole. */
const MOST_INPUT = 24 * 1024 * 1024;

/** Commands that read their input where they are given no more than so many operands. */
const READERS: Readonly<Record<string, number>> = {
  awk: 1,
  base64: 0,
  cat: 0,
  cut: 0,
  dd: 9,
  egrep: 1,
  grep: 1,
  gunzip: 0,
  gzip: 0,
  head: 0,
  jq: 1,
  md5sum: 0,
  nc: 9,
  od: 0,
  read: 9,
  rev: 0,
  sed: 1,
  sha1sum: 0,
  sha256sum: 0,
  sort: 0,
  tac: 0,
  tail: 0,
  tee: 9,
  tr: 9,
  uniq: 0,
  wc: 0,
  while: 9,
  xargs: 9,
  yq: 1,
  zcat: 0,
};

/** Short options whose value is the next word. */
const WITH_VALUE = /^-(n|c|d|f|k|t|e|m|o|b|w)$/;

function operands(args: readonly string[]): number {
  return args.filter((arg, index) => !arg.startsWith('-') && !WITH_VALUE.test(args[index - 1] ?? '')).length;
}

/** `tar x` and `tar t` read an archive from their input unless a file is named. */
function tarReads(args: readonly string[]): boolean {
  const [first = ''] = args;
  const flags = args.filter((arg, index) => index === 0 || /^-[a-zA-Z]+$/.test(arg)).join('');
  if (!/[xt]/.test(flags) && !args.includes('--extract')) return false;
  return !/f/.test(flags) || args.includes('-') || first.endsWith('f-');
}

function commandReads(words: readonly string[]): boolean {
  const [path = '', ...args] = words;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (args.includes('<')) return false;
  if (name === 'tar') return tarReads(args);
  const most = READERS[name];
  if (most === undefined) return false;
  return args.includes('-') || operands(args) <= most;
}

/** What of a script is at the head of a pipe and so reads the script's own input. */
function heads(script: string): string[][] {
  const lists = script.split(/;|\n|&&|\|\||\(|\bdo\b|\bthen\b|\belse\b/);
  return lists.map((list) =>
    (list.split('|')[0] ?? '')
      .replace(/\d?>>?&?\s*\S+/g, '')
      .trim()
      .split(/\s+/),
  );
}

/** Whether a command waits for its input; who else is given a terminal would never end. */
export function readsInput(words: readonly string[]): boolean {
  const script = scriptOf(words);
  return script === undefined ? commandReads(words) : heads(script).some(commandReads);
}

async function typed(console: RunConsole): Promise<string> {
  const lines: string[] = [];
  let size = 0;
  for (let line = await console.readLine(''); line !== undefined; line = await console.readLine('')) {
    size += line.length + 1;
    if (size > MOST_INPUT) break;
    lines.push(`${line}\n`);
  }
  return Buffer.from(lines.join('')).toString('latin1');
}

/** All the input of a command. Latin-1: one character a byte. Rejects where it is too long. */
export async function inputOf(
  { stdin, tty }: ContainerStreams,
  console: RunConsole,
  signal: AbortSignal,
): Promise<string> {
  if (!stdin) return '';
  if (tty) return await typed(console);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    signal.throwIfAborted();
    size += (chunk as Buffer).length;
    if (size > MOST_INPUT) throw new Error(`the input is larger than ${MOST_INPUT / 1024 / 1024} MiB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('latin1');
}
