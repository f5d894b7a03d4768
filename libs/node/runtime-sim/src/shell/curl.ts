import { type CommandContext, type CustomCommand, defineCommand, type ExecResult, latin1FromBytes } from 'just-bash';

/** Flags that change nothing here: no configuration files, no globbing, one family of addresses. */
const IDLE_LETTERS = new Set(['q', 'g', '4', '6', 'N']);
const IDLE_WORDS = new Set(['--disable', '--globoff', '--ipv4', '--ipv6', '--no-buffer', '--no-progress-meter']);
/** Short options whose value follows. */
const WITH_VALUE = /[AbcdeFHKmoTuwxX]/;

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
    isValue =
      !taken &&
      (/^-[A-Za-z0-9]*[AbcdeFHKmoTuwxX]$/.test(word) || /^--(user-agent|header|data|output|write-out)$/.test(word));
    return taken ? [word] : withoutIdle(word);
  });
}

type Run = (words: readonly string[], ctx: CommandContext) => Promise<ExecResult>;

/** `curl` with all the flags that scripts give it; `run` is the shell's own. */
export const curlCommand = (run: Run): CustomCommand =>
  defineCommand('curl', async (words, ctx) => {
    const { stdout, stderr, exitCode } = await run(curlWords(words), ctx);
    return { stdout, stderr, exitCode };
  });

export const inputOf = (ctx: CommandContext) => ({ stdin: latin1FromBytes(ctx.stdin), stdinKind: 'bytes' }) as const;
