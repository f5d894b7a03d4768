import { type CommandContext, type CustomCommand, defineCommand, type ExecResult } from 'just-bash';
import { messageOf, type RunPort } from './commands.js';

/** As often as tail itself looks where nothing tells it. */
const LOOK_MILLISECONDS = 1000;
/** Nothing is ever to be read of it. */
const NEVER_MILLISECONDS = 86_400_000;

interface Following {
  readonly lines: number;
  readonly paths: readonly string[];
}

const isFollow = (word: string) => /^-[a-zA-Z0-9]*[fF]/.test(word) || /^--follow(=|$)/.test(word);

/** What `tail -f` is to follow; undefined for one that ends. */
export function followed(words: readonly string[]): Following | undefined {
  if (!words.some(isFollow)) return undefined;
  let lines = 10;
  const paths: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const count =
      /^(?:-n|--lines=?|-)\+?(\d+)/.exec(word)?.[1] ?? (/^(-n|--lines)$/.test(word) ? words[(at += 1)] : undefined);
    if (count !== undefined) lines = Number(count) || 0;
    else if (!word.startsWith('-')) paths.push(word);
  }
  return { lines, paths };
}

/** The last lines of a text. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  const hasEnd = lines.at(-1) === '';
  return count === 0 ? '' : lines.slice(-(hasEnd ? count + 1 : count)).join('\n');
}

/** What came to a file; all of it where it was begun anew. */
export const newPart = (before: string, now: string): string =>
  now.startsWith(before) ? now.slice(before.length) : now;

const read = async ({ fs, cwd }: CommandContext, path: string): Promise<string | undefined> =>
  await fs.readFile(fs.resolvePath(cwd, path), 'latin1').catch(() => undefined);

/** Tells the last lines of a file; answers what there is of it. */
async function begin(ctx: CommandContext, port: RunPort, path: string, lines: number): Promise<string> {
  const text = await read(ctx, path);
  if (text === undefined) {
    await port.tell('stderr', `tail: cannot open '${path}' for reading: No such file or directory\n`);
    return '';
  }
  const last = lastLines(text, lines);
  if (last) await port.tell('stdout', last);
  return text;
}

/** Tells what came to a file since it was `before`; answers what there is of it. */
async function tellNew(ctx: CommandContext, port: RunPort, path: string, before: string): Promise<string> {
  const now = (await read(ctx, path)) ?? '';
  const more = newPart(before, now);
  if (more) await port.tell('stdout', more);
  return now;
}

/** Goes on until the run ends: waiting ends with it. */
async function follow(ctx: CommandContext, port: RunPort, { lines, paths }: Following): Promise<never> {
  const seen = new Map<string, string>();
  for (const path of paths) seen.set(path, await begin(ctx, port, path, lines));
  const milliseconds = paths.every((path) => path === '/dev/null') ? NEVER_MILLISECONDS : LOOK_MILLISECONDS;
  for (;;) {
    await port.ask({ kind: 'sleep', milliseconds });
    for (const [path, before] of seen) seen.set(path, await tellNew(ctx, port, path, before));
  }
}

type Run = (words: readonly string[], ctx: CommandContext) => Promise<ExecResult>;

/** `tail` that follows files, too; `run` is the shell's own. */
export const tailCommand = (port: () => RunPort, run: Run): CustomCommand =>
  defineCommand('tail', async (words, ctx) => {
    const following = followed(words);
    if (!following) {
      const { stdout, stderr, exitCode } = await run(words, ctx);
      return { stdout, stderr, exitCode };
    }
    return await follow(ctx, port(), following).catch((error: unknown) => ({
      stdout: '',
      stderr: `tail: ${messageOf(error)}\n`,
      exitCode: 1,
    }));
  });
