import type { Trust } from '../network/network.js';
import { type CommandContext, type CustomCommand, defineCommand, type ExecResult, latin1FromBytes } from 'just-bash';

/** Flags that change nothing here: no configuration files, no globbing, one family of addresses. */
const IDLE_LETTERS = new Set(['q', 'g', '4', '6', 'N']);
const IDLE_WORDS = new Set(['--disable', '--globoff', '--ipv4', '--ipv6', '--no-buffer', '--no-progress-meter']);
/** Short options whose value follows. */
const WITH_VALUE = /[AbcdeFHKmoTuwxX]/;
/** A word after which the next one is its value. */
const TAKES_VALUE = /^(-[A-Za-z0-9]*[AbcdeFHKmoTuwxX]|--(user-agent|header|data|output|write-out))$/;
/** An authority that cannot be read. */
const NO_FILE: unique symbol = Symbol('no file');

function withoutIdle(word: string): string[] {
  if (IDLE_WORDS.has(word)) return [];
  if (!/^-[A-Za-z0-9]/.test(word)) return [word];
  const letters = word.slice(1);
  const at = letters.search(WITH_VALUE);
  const flags = at < 0 ? letters : letters.slice(0, at);
  const kept = [...flags].filter((letter) => !IDLE_LETTERS.has(letter)).join('') + letters.slice(flags.length);
  return kept ? [`-${kept}`] : [];
}

/** The words of a `curl` without those that mean nothing to the shell's own. */
export function curlWords(words: readonly string[]): string[] {
  let isValue = false;
  return words.flatMap((word) => {
    const taken = isValue;
    isValue = !taken && TAKES_VALUE.test(word);
    return taken ? [word] : withoutIdle(word);
  });
}

/** Short options without their `k`, which believes anybody; undefined where there is none, or it is part of a value. */
function withoutK(word: string): string | undefined {
  if (word === '--insecure') return '';
  const at = /^-[A-Za-z0-9]/.test(word) ? word.indexOf('k') : -1;
  if (at < 0 || WITH_VALUE.test(word.slice(1, at))) return undefined;
  return word === '-k' ? '' : `${word.slice(0, at)}${word.slice(at + 1)}`;
}

/** The words of a `curl` without those that say whose certificate is believed, and what these say. */
export function trustWords(words: readonly string[]): { rest: string[]; file?: string; isInsecure: boolean } {
  const rest: string[] = [];
  let [file, isInsecure]: [string | undefined, boolean] = [undefined, false];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const plain = withoutK(word);
    if (word === '--cacert') file = words[(at += 1)];
    else if (plain !== undefined) isInsecure = true;
    if (word !== '--cacert' && at < words.length && plain !== '') rest.push(plain ?? word);
    if (TAKES_VALUE.test(word)) rest.push(...words.slice((at += 1), at + 1));
  }
  return { rest, ...(file !== undefined && { file }), isInsecure };
}

async function trustOf(
  { file, isInsecure }: { file?: string; isInsecure: boolean },
  ctx: CommandContext,
): Promise<Trust | undefined> {
  if (isInsecure) return 'anybody';
  if (file === undefined) return undefined;
  return { authority: await ctx.fs.readFile(ctx.fs.resolvePath(ctx.cwd, file)) };
}

type Run = (words: readonly string[], ctx: CommandContext, trust?: Trust) => Promise<ExecResult>;

/** `curl` with all the flags that scripts give it; `run` is the shell's own. */
export const curlCommand = (run: Run): CustomCommand =>
  defineCommand('curl', async (words, ctx) => {
    const { rest, ...said } = trustWords(words);
    const trust = await trustOf(said, ctx).catch((): typeof NO_FILE => NO_FILE);
    if (trust === NO_FILE) {
      const stderr = `curl: (77) error setting certificate file: ${said.file}\n`;
      return { stdout: '', stderr, exitCode: 77 };
    }
    const { stdout, stderr, exitCode } = await run(curlWords(rest), ctx, trust);
    return { stdout, stderr, exitCode };
  });

export const inputOf = (ctx: CommandContext) => ({ stdin: latin1FromBytes(ctx.stdin), stdinKind: 'bytes' }) as const;
