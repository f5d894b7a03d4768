import { parentPort } from 'node:worker_threads';
import {
  Bash,
  type BashOptions,
  type CommandContext,
  type CustomCommand,
  type ExecResult,
  type MountableFs,
  type SecureFetch,
} from 'just-bash';
import { containerFiles } from './container-files.js';
import { agnhostCommands } from './agnhost/agnhost.js';
import { bytesOf, containerCommands, latin1, messageOf, type RunPort } from './commands.js';
import { HOSTS_PATH, MOST_TEXT, type NameFiles, RESOLV_CONF_PATH } from '../network/name-files.js';
import type { Trust } from '../network/network.js';
import { curlCommand, inputOf } from './curl.js';
import { type CurlFailure, curlFailure } from './curl-failure.js';
import { dnsCommands } from './dns/dns-commands.js';
import { hexdump } from './hexdump.js';
import { InteractiveShell } from './interactive-shell.js';
import type { Call, FromThread, HttpReply, NamedCall, RunScript, ScriptEnd, ToThread } from './protocol.js';
import { streamOutput } from './stream-output.js';
import { tailCommand } from './tail.js';
import { ThreadCalls } from './thread-calls.js';
import { wget } from './wget.js';

/** The thread of simulated shells: no time, network or file of the machine's own; it asks its parent for the first two. */
const UNLIMITED = 2 ** 52;
const HTTP_TIMEOUT_MILLISECONDS = 30_000;
/** Whatever somebody says. */
const LONGEST_TIMEOUT_MILLISECONDS = 600_000;
const NEVER_ENDING = {
  maxCommandCount: UNLIMITED,
  maxLoopIterations: UNLIMITED,
  maxWorkUnits: UNLIMITED,
  maxExecutionTimeMs: 2 ** 31 - 1,
  maxOutputSize: 16 * 1024 * 1024,
  maxLiveBytes: 64 * 1024 * 1024,
};

const send = (message: FromThread) => parentPort?.postMessage(message);
const files = new Map<string, MountableFs>();
const runs = new Map<number, ThreadRun>();
const calls = new ThreadCalls(send);

/** A run that has not ended. */
interface ThreadRun {
  readonly abort: AbortController;
  readonly shell?: InteractiveShell;
}

/** The container may have written its files anew. */
async function nameFiles(container: string): Promise<NameFiles> {
  const fs = files.get(container);
  const [hosts, resolvConf] = [HOSTS_PATH, RESOLV_CONF_PATH].map(
    async (path) => (await fs?.readFile(path).catch(() => ''))?.slice(0, MOST_TEXT) ?? '',
  );
  return { hosts: (await hosts) ?? '', resolvConf: (await resolvConf) ?? '' };
}

const isNamed = (wanted: Call): wanted is NamedCall => !['sleep', 'write', 'line'].includes(wanted.kind);

function portOf({ run, container, hostname, main, words, user, group, mounts }: RunScript): RunPort {
  const ask = async (wanted: Call) =>
    await calls.ask(run, isNamed(wanted) ? { ...wanted, names: await nameFiles(container) } : wanted);
  return {
    hostname,
    main,
    name: words.join(' '),
    user,
    group,
    ask,
    tell: (stream, bytes) => ask({ kind: 'write', stream, bytes }),
    isMemory: (path) => mounts.some(({ containerPath, medium }) => medium === 'Memory' && containerPath === path),
  };
}

type FetchFailed = (failure: CurlFailure | undefined) => void;
const unheard: FetchFailed = () => undefined;

/** curl's own default is http; this shell's is https, which nothing simulated speaks, so only those who wrote it mean it. */
function schemeOf({ words, env }: RunScript, url: string): string {
  const meant = [...words, ...Object.values(env)].some((text) => text.includes('https://'));
  return meant ? url : url.replace(/^https:/, 'http:');
}

/** `failed` is told of what the network says. */
function fetchOf(script: RunScript, port: RunPort, failed: FetchFailed, trust?: Trust): SecureFetch {
  return async (url, options) => {
    const { method = 'GET', headers = {}, body, timeoutMs = HTTP_TIMEOUT_MILLISECONDS } = options ?? {};
    // The shell's curl gives an object of the platform, whose entries are no properties.
    const given = Object.fromEntries(new Headers(headers).entries());
    const text = body === undefined || body === null ? undefined : Buffer.from(body as string).toString('latin1');
    const ask = {
      kind: 'http',
      url: schemeOf(script, url),
      method,
      headers: given,
      body: text,
      timeoutMilliseconds: Math.min(timeoutMs, LONGEST_TIMEOUT_MILLISECONDS),
      ...(trust && { trust }),
    } as const;
    const reply = (await port.ask(ask).catch((error: unknown) => {
      failed(curlFailure(messageOf(error), ask));
      throw error;
    })) as HttpReply;
    return { ...reply, headers: { ...reply.headers }, body: Buffer.from(reply.body, 'latin1'), url };
  };
}

/** What the shell's own curl says of the network is another's words; where it was told to be silent it stays so. */
function withFailure<T extends ExecResult>(result: T, failure: CurlFailure | undefined): T {
  if (!failure || result.exitCode === 0) return result;
  return { ...result, exitCode: failure.code, stderr: result.stderr && failure.text };
}

function commandsOf(script: RunScript, options: BashOptions, port: RunPort): CustomCommand[] {
  // In a shell of its own these are not the ones that are made here.
  const shellsOwn = (name: string) => async (words: readonly string[], ctx: CommandContext, trust?: Trust) => {
    const own = { cwd: ctx.cwd, env: Object.fromEntries(ctx.env), replaceEnv: true, args: [...words] };
    let failure: CurlFailure | undefined;
    const fetch = fetchOf(script, port, (last) => (failure = last), trust);
    const bash = new Bash({ ...options, fetch });
    return withFailure(await bash.exec(name, { ...own, ...inputOf(ctx) }), failure);
  };
  return [
    curlCommand(shellsOwn('curl')),
    tailCommand(() => port, shellsOwn('tail')),
    hexdump(),
    ...containerCommands(() => port),
    ...agnhostCommands(() => port),
    ...dnsCommands(() => port),
    wget(() => port),
  ];
}

function bashOf(script: RunScript): Bash {
  const port = portOf(script);
  const fs = files.get(script.container) ?? containerFiles(script);
  files.set(script.container, fs);
  const options: BashOptions = {
    fs,
    cwd: script.cwd,
    executionLimits: NEVER_ENDING,
    processInfo: { pid: 1, ppid: 0, uid: script.user, gid: script.group },
    sleep: async (milliseconds) => void (await port.ask({ kind: 'sleep', milliseconds })),
    fetch: fetchOf(script, port, unheard),
  };
  const bash = new Bash({ ...options, customCommands: commandsOf(script, options, port) });
  if (script.streaming) bash.registerTransformPlugin(streamOutput);
  return bash;
}

/** The script of `sh -c script` and its positional parameters, or a command line as it is. */
function commandOf(words: readonly string[]): { script: string; args?: string[] } {
  const [name = '', ...args] = words;
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  if (/(^|\/)(ba|a|da)?sh$/.test(name) && at >= 0) return { script: args[at + 1] ?? '' };
  return { script: name, args };
}

const failed = (exitCode: number, stderr = ''): ScriptEnd => ({
  exitCode,
  stdout: '',
  stderr: latin1(stderr),
  message: '',
});

function environmentOf({ hostname, env }: RunScript): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root', HOSTNAME: hostname, ...env };
}

async function execute(bash: Bash, script: RunScript, signal: AbortSignal): Promise<ScriptEnd> {
  const { script: text, args } = commandOf(script.words);
  const options = { env: environmentOf(script), replaceEnv: true, cwd: script.cwd, rawScript: true };
  const input = script.input === undefined ? {} : ({ stdin: script.input, stdinKind: 'bytes' } as const);
  const result = await bash.exec(text, { ...options, ...input, signal, args });
  return { exitCode: result.exitCode, stdout: bytesOf(result), stderr: latin1(result.stderr), message: '' };
}

async function interact(shell: InteractiveShell, signal: AbortSignal): Promise<ScriptEnd> {
  return failed(await shell.run(signal));
}

function shellOf(bash: Bash, script: RunScript): InteractiveShell | undefined {
  const { interactive: style, cwd } = script;
  return style && new InteractiveShell(bash, portOf(script), { env: environmentOf(script), cwd, style });
}

async function run(script: RunScript): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  const bash = bashOf(script);
  const shell = shellOf(bash, script);
  runs.set(script.run, { abort, ...(shell && { shell }) });
  const ending = shell ? interact(shell, signal) : execute(bash, script, signal);
  const end = await ending.catch((error: unknown) =>
    signal.aborted ? failed(143) : failed(1, `${error instanceof Error ? error.message : String(error)}\n`),
  );
  runs.delete(script.run);
  const message = await bash.readFile(script.messagePath).catch(() => '');
  send({ type: 'done', run: script.run, end: { ...end, message } });
}

/** What a run waits for would hold it up. */
function abort(run: number): void {
  runs.get(run)?.abort.abort();
  calls.giveUp(run);
}

function interrupt(run: number): void {
  if (runs.get(run)?.shell?.interrupt()) calls.giveUp(run);
}

// A script that was ended leaves what it asked for unawaited; the answer to that must not end its neighbours' shells.
process.on('unhandledRejection', () => undefined);

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'run') void run(message);
  else if (message.type === 'abort') abort(message.run);
  else if (message.type === 'interrupt') interrupt(message.run);
  else if (message.type === 'forget') files.delete(message.container);
  else calls.answer(message);
});
