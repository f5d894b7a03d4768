import { type CustomCommand, defineCommand, type ExecResult, latin1FromBytes, stdoutAsBytes } from 'just-bash';
import type { LogStream } from '@binnacle/node-cri';
import type { Call } from './protocol.js';
import { TELL } from './stream-output.js';
import { relativeMembers, REMOVED_SLASH } from './tar-arguments.js';

const TELL_INPUT = '__tell_input';
/** A variable by which an interactive shell learns how a line ended. */
export const STATUS = '__status';

/** What the commands of one run may do outside the shell. */
export interface RunPort {
  ask(call: Call): Promise<unknown>;
  /** Latin-1: one character a byte. */
  tell(stream: LogStream, bytes: string): Promise<unknown>;
  readonly hostname: string;
  /** The container's own program. */
  readonly main: string;
  /** By which this run is called. */
  readonly name: string;
  readonly user: number;
  readonly group: number;
  /** Whether a path is in a volume kept in memory. */
  isMemory(path: string): boolean;
}

export const failure = (text: string, exitCode = 1) => ({ stdout: '', stderr: text, exitCode });
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Text as bytes, one character each. */
export const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** What a command printed, as bytes: some print text, some bytes. */
export const bytesOf = (result: ExecResult): string => latin1FromBytes(stdoutAsBytes(result));

/** The other end of a pipe carries bytes as they are; what a command answers by itself may be taken for text. */
const tellInput = (port: () => RunPort) =>
  defineCommand(TELL_INPUT, async (_, ctx) => {
    const bytes = latin1FromBytes(ctx.stdin);
    if (bytes) await port().tell('stdout', bytes);
    return { stdout: '', stderr: '', exitCode: 0 };
  });

/** The variables of a shell, but for those that are its own. */
const variables = (env: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...env].filter(([name]) => name !== '?' && name !== STATUS));

/** Runs the command it is given and tells its output at once. */
const tellCommand = (port: () => RunPort) =>
  defineCommand(TELL, async ([name = '', ...given], ctx) => {
    const relative = name === 'tar' ? relativeMembers(given) : undefined;
    if (relative) await port().tell('stderr', REMOVED_SLASH);
    const args = relative ?? given;
    const stdin = latin1FromBytes(ctx.stdin);
    const own = { cwd: ctx.cwd, env: variables(ctx.env), replaceEnv: true };
    // `command` keeps the rewriting of scripts away from this one.
    const script = `command ${name} | ${TELL_INPUT}; exit \${PIPESTATUS[0]}`;
    const result = await ctx.exec?.(script, { ...own, args, stdin, stdinKind: 'bytes' });
    if (!result) return failure(`${name}: not found\n`, 127);
    if (result.stderr) await port().tell('stderr', latin1(result.stderr));
    return { stdout: '', stderr: '', exitCode: result.exitCode };
  });

const nc = (port: () => RunPort) =>
  defineCommand('nc', async (args, ctx) => {
    const scan = args.some((arg) => /^-[a-z]*z/.test(arg));
    const wait = args.findIndex((arg) => /^-[a-z]*w$/.test(arg));
    const plain = args.filter((arg, index) => !arg.startsWith('-') && (wait < 0 || index !== wait + 1));
    const [host = '', number = ''] = plain;
    const timeoutMilliseconds = (wait >= 0 ? Number(args[wait + 1]) : 10) * 1000;
    try {
      const input = scan ? '' : (ctx.stdin as unknown as string);
      const kind = args.some((arg) => /^-[a-z]*u/.test(arg)) ? 'udp' : 'tcp';
      const answer = await port().ask({ kind, host, port: Number(number), input, timeoutMilliseconds });
      return { stdout: String(answer), stderr: scan ? `${host} (${host}:${number}) open\n` : '', exitCode: 0 };
    } catch (error) {
      return failure(`nc: ${host} (${host}:${number}): ${messageOf(error)}\n`);
    }
  });

const fixed = (name: string, text: (port: RunPort, args: readonly string[]) => string) => (port: () => RunPort) =>
  defineCommand(name, async (args) => ({ stdout: `${text(port(), args)}\n`, stderr: '', exitCode: 0 }));

/** The container's program, what was run beside it and this very command. */
const ps = (port: () => RunPort) =>
  defineCommand('ps', async () => {
    const { main, name } = port();
    const rows = [main, ...(name === main ? [] : [name]), 'ps'].map((command, index) => {
      const pid = String(index === 0 ? 1 : 6 + index).padStart(5);
      return `${pid} root      0:00 ${command}`;
    });
    return { stdout: `${['PID   USER     TIME  COMMAND', ...rows].join('\n')}\n`, stderr: '', exitCode: 0 };
  });

const named = (id: number): string => (id === 0 ? '0(root)' : String(id));

function idOf({ user, group }: RunPort, args: readonly string[]): string {
  if (args.includes('-u')) return String(user);
  if (args.includes('-g') || args.includes('-G')) return String(group);
  return `uid=${named(user)} gid=${named(group)} groups=${named(group)}`;
}

const sysctl = () =>
  defineCommand('sysctl', async (args, ctx) => {
    const name = args.find((arg) => !arg.startsWith('-')) ?? '';
    const value = await ctx.fs.readFile(`/proc/sys/${name.replaceAll('.', '/')}`).catch(() => undefined);
    if (value === undefined) return failure(`sysctl: error: '${name}' is an unknown key\n`);
    return { stdout: args.includes('-n') ? value : `${name} = ${value}`, stderr: '', exitCode: 0 };
  });

/** Nothing simulated may change the network. */
const ip = () =>
  defineCommand('ip', async (args) => {
    const asks = args.every((arg) => !/^(add|del|delete|set|change|replace)$/.test(arg));
    if (asks) return { stdout: '1: lo: <LOOPBACK,UP>\n2: eth0: <BROADCAST,MULTICAST,UP>\n', stderr: '', exitCode: 0 };
    return failure('ip: RTNETLINK answers: Operation not permitted\n', 2);
  });

const KERNEL = 'Linux';

const factories = [
  tellInput,
  tellCommand,
  nc,
  ps,
  fixed('hostname', ({ hostname }) => hostname),
  fixed('whoami', ({ user }) => (user === 0 ? 'root' : `whoami: unknown uid ${user}`)),
  fixed('id', idOf),
  ip,
  sysctl,
  fixed('uname', ({ hostname }, args) =>
    args.includes('-a')
      ? `${KERNEL} ${hostname} 6.1.0-simulated #1 SMP x86_64 GNU/Linux`
      : args.includes('-n')
        ? hostname
        : KERNEL,
  ),
];

export const containerCommands = (port: () => RunPort): CustomCommand[] => factories.map((make) => make(port));
