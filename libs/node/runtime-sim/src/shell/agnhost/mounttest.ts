import type { CommandContext } from 'just-bash';
import { Flags } from '../../programs/agnhost/flags.js';
import { latin1, type RunPort } from '../commands.js';
import type { Subcommand } from './subcommand.js';

const NEW_CONTENT = 'mount-tester new file\n';
const NEW_FILES: Readonly<Record<string, number>> = {
  new_file_0644: 0o644,
  new_file_0666: 0o666,
  new_file_0660: 0o660,
  new_file_0777: 0o777,
};
/** What statfs says of a disk that is not memory: ext4. */
const DISK = 0xef53;
const LOOP_MILLISECONDS = 2000;

const BITS = 'rwxrwxrwx';
const SPECIAL: ReadonlyArray<readonly [bit: number, letter: string]> = [
  [0o4000, 'u'],
  [0o2000, 'g'],
  [0o1000, 't'],
];

/** Permissions as Go writes them, `rwxr-x---`. */
const permissions = (mode: number): string =>
  [...BITS].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');

/** A file's mode as Go writes it, such as `dgrwxrwxrwx`. */
export function goMode(mode: number, isDirectory: boolean): string {
  const special = SPECIAL.flatMap(([bit, letter]) => (mode & bit ? [letter] : [])).join('');
  const prefix = `${isDirectory ? 'd' : ''}${special}`;
  return `${prefix || '-'}${permissions(mode)}`;
}

/** One thing it was asked to do with a file; `failed` says that it could not. */
interface Done {
  readonly text: string;
  readonly failed?: boolean;
}

type Step = (ctx: CommandContext, path: string) => Promise<Done>;

const quoted = (path: string): string => JSON.stringify(path);

async function content(ctx: CommandContext, path: string): Promise<Done> {
  try {
    return { text: `content of file ${quoted(path)}: ${await ctx.fs.readFile(path)}\n` };
  } catch {
    const why = `open ${path}: no such file or directory`;
    return { text: `error reading file content for ${quoted(path)}: ${why}\n`, failed: true };
  }
}

const newFile =
  (mode: number): Step =>
  async (ctx, path) => {
    try {
      await ctx.fs.writeFile(path, NEW_CONTENT);
      await ctx.fs.chmod(path, mode);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { text: `error writing new file ${quoted(path)}: ${why}\n`, failed: true };
    }
    return await content(ctx, path);
  };

const ofStat =
  (said: (path: string, stat: Awaited<ReturnType<CommandContext['fs']['stat']>>) => string): Step =>
  async (ctx, path) => {
    try {
      return { text: said(quoted(path), await ctx.fs.stat(path)) };
    } catch {
      return { text: `error from Stat(${quoted(path)}): stat ${path}: no such file or directory\n`, failed: true };
    }
  };

/** In the order upstream does them, so that one command line can write a file and look at it. */
const STEPS: ReadonlyArray<readonly [flag: string, step: Step]> = [
  ...Object.entries(NEW_FILES).map(([flag, mode]) => [flag, newFile(mode)] as const),
  ['file_mode', ofStat((path, { mode, isDirectory }) => `mode of file ${path}: ${goMode(mode, isDirectory)}\n`)],
  ['file_perm', ofStat((path, { mode }) => `perms of file ${path}: -${permissions(mode)}\n`)],
  ['file_owner', ofStat((path) => `owner UID of ${path}: 0\nowner GID of ${path}: 0\n`)],
  ['file_content', content],
];

/** Says the same again and again until the file holds what upstream expects, or time is over. */
async function inLoop(ctx: CommandContext, flags: Flags, port: RunPort): Promise<number> {
  const path = flags.text('file_content_in_loop');
  const stopsEarly = flags.isSet('break_on_expected_content', true);
  let failed = 0;
  for (let left = path ? flags.number('retry_time', 180) * 1000 : 0; left > 0; left -= LOOP_MILLISECONDS) {
    const done = await content(ctx, path);
    failed = done.failed ? 1 : 0;
    await port.tell('stdout', latin1(done.failed ? `Error reading file ${path}: ${done.text}, retrying\n` : done.text));
    if (!done.failed && stopsEarly && done.text.endsWith(`: ${NEW_CONTENT}\n`)) break;
    await port.ask({ kind: 'sleep', milliseconds: LOOP_MILLISECONDS });
  }
  return failed;
}

/** Makes files, and tells of their file systems, modes and contents. */
export const mounttest: Subcommand = async (words, ctx, port) => {
  const flags = new Flags(words);
  const lines: string[] = [];
  let exitCode = 0;
  const volume = flags.text('fs_type');
  if (volume) lines.push(`mount type of ${quoted(volume)}: ${port.isMemory(volume) ? 'tmpfs' : DISK}\n`);
  for (const [flag, step] of STEPS) {
    const path = flags.text(flag);
    const { text, failed } = path ? await step(ctx, path) : { text: '' };
    lines.push(text);
    if (failed) exitCode = 1;
  }
  const stdout = lines.join('');
  if (!flags.text('file_content_in_loop')) return { stdout, stderr: '', exitCode };
  await port.tell('stdout', latin1(stdout));
  return { stdout: '', stderr: '', exitCode: (await inLoop(ctx, flags, port)) || exitCode };
};
