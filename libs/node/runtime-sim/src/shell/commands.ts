import { type CustomCommand, defineCommand } from 'just-bash';
import type { LogStream } from '@binnacle/node-cri';
import type { Call, HttpReply } from './protocol.js';
import { TELL } from './stream-output.js';

/** What the commands of one run may do outside the shell. */
export interface RunPort {
  ask(call: Call): Promise<unknown>;
  tell(stream: LogStream, text: string): Promise<unknown>;
  readonly hostname: string;
}

const failure = (text: string, exitCode = 1) => ({ stdout: '', stderr: text, exitCode });
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Runs the command it is given and tells its output at once. */
const tellCommand = (port: () => RunPort) =>
  defineCommand(TELL, async ([name = '', ...args], ctx) => {
    // `command` keeps the rewriting of scripts away from this one.
    const stdin = ctx.stdin as unknown as string;
    const result = await ctx.exec?.(`command ${name}`, { cwd: ctx.cwd, args, stdin, stdinKind: 'bytes' });
    if (!result) return failure(`${name}: not found\n`, 127);
    const bytes = result.stdoutKind === 'bytes' || result.stdoutEncoding === 'binary';
    const stdout = bytes ? Buffer.from(result.stdout, 'latin1').toString() : result.stdout;
    if (stdout) await port().tell('stdout', stdout);
    if (result.stderr) await port().tell('stderr', result.stderr);
    return { stdout: '', stderr: '', exitCode: result.exitCode };
  });

interface WgetOptions {
  readonly quiet: boolean;
  readonly spider: boolean;
  readonly output: string | undefined;
  readonly timeoutSeconds: number;
  readonly url: string | undefined;
}

/** A short option's value may follow it at once or as the next word. */
const WGET_VALUES = /^-(q?O|T)(.*)$/;

function wgetOptions(args: readonly string[]): WgetOptions {
  const options = { quiet: false, spider: false, timeoutSeconds: 900, output: undefined, url: undefined } as {
    -readonly [K in keyof WgetOptions]: WgetOptions[K];
  };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [, name, attached] = WGET_VALUES.exec(arg) ?? [];
    const value = name && !attached ? args[++index] : attached;
    if (name === 'T') options.timeoutSeconds = Number(value);
    else if (name) options.output = value;
    else if (!arg.startsWith('-')) options.url = arg;
    options.quiet ||= /^(-q|--quiet$)/.test(arg);
    options.spider ||= arg === '--spider';
  }
  return options;
}

const wget = (port: () => RunPort) =>
  defineCommand('wget', async (args, ctx) => {
    const { quiet, spider, output, timeoutSeconds, url } = wgetOptions(args);
    if (!url) return failure('wget: missing URL\n');
    const target = url.includes('://') ? url : `http://${url}`;
    try {
      const ask = {
        kind: 'http',
        url: target,
        method: 'GET',
        headers: { 'user-agent': 'Wget' },
        timeoutMilliseconds: timeoutSeconds * 1000,
      } as const;
      const { status, statusText, body } = (await port().ask(ask)) as HttpReply;
      if (status >= 400) return failure(`wget: server returned error: HTTP/1.1 ${status} ${statusText}\n`);
      const text = Buffer.from(body, 'latin1').toString();
      const name = output ?? (new URL(target).pathname.split('/').at(-1) || 'index.html');
      if (spider) return { stdout: '', stderr: quiet ? '' : 'remote file exists\n', exitCode: 0 };
      if (name === '-') return { stdout: text, stderr: '', exitCode: 0 };
      await ctx.fs.writeFile(ctx.fs.resolvePath(ctx.cwd, name), text);
      return { stdout: '', stderr: quiet ? '' : `'${name}' saved\n`, exitCode: 0 };
    } catch (error) {
      return failure(`wget: ${messageOf(error)}\n`);
    }
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
      const answer = await port().ask({ kind: 'tcp', host, port: Number(number), input, timeoutMilliseconds });
      return { stdout: String(answer), stderr: scan ? `${host} (${host}:${number}) open\n` : '', exitCode: 0 };
    } catch (error) {
      return failure(`nc: ${host} (${host}:${number}): ${messageOf(error)}\n`);
    }
  });

const nslookup = (port: () => RunPort) =>
  defineCommand('nslookup', async ([name = '']) => {
    try {
      const address = await port().ask({ kind: 'resolve', name });
      return { stdout: `Name:\t${name}\nAddress: ${String(address)}\n`, stderr: '', exitCode: 0 };
    } catch {
      return failure(`** server can't find ${name}: NXDOMAIN\n`);
    }
  });

const fixed = (name: string, text: (port: RunPort, args: readonly string[]) => string) => (port: () => RunPort) =>
  defineCommand(name, async (args) => ({ stdout: `${text(port(), args)}\n`, stderr: '', exitCode: 0 }));

const KERNEL = 'Linux';

const factories = [
  tellCommand,
  wget,
  nc,
  nslookup,
  fixed('hostname', ({ hostname }) => hostname),
  fixed('whoami', () => 'root'),
  fixed('id', (_, args) => (args.includes('-u') ? '0' : 'uid=0(root) gid=0(root)')),
  fixed('uname', ({ hostname }, args) =>
    args.includes('-a')
      ? `${KERNEL} ${hostname} 6.1.0-simulated #1 SMP x86_64 GNU/Linux`
      : args.includes('-n')
        ? hostname
        : KERNEL,
  ),
];

export const containerCommands = (port: () => RunPort): CustomCommand[] => factories.map((make) => make(port));
