import { parentPort } from 'node:worker_threads';
import { Bash, type MountableFs } from 'just-bash';
import { containerFiles } from './container-files.js';
import { containerCommands, type RunPort } from './commands.js';
import type { Call, FromThread, HttpReply, RunScript, ScriptEnd, ToThread } from './protocol.js';
import { streamOutput } from './stream-output.js';

/** The thread of simulated shells: no time, network or file of the machine's own; it asks its parent for the first two. */
const UNLIMITED = 2 ** 52;
const HTTP_TIMEOUT_MILLISECONDS = 30_000;
const NEVER_ENDING = {
  maxCommandCount: UNLIMITED,
  maxLoopIterations: UNLIMITED,
  maxWorkUnits: UNLIMITED,
  maxExecutionTimeMs: 2 ** 31 - 1,
  maxOutputSize: 16 * 1024 * 1024,
  maxLiveBytes: 64 * 1024 * 1024,
  maxFileSystemBytes: 32 * 1024 * 1024,
};

const send = (message: FromThread) => parentPort?.postMessage(message);
const replies = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
const files = new Map<string, MountableFs>();
const aborts = new Map<number, AbortController>();
let calls = 0;

function portOf({ run, hostname }: RunScript): RunPort {
  const ask = (wanted: Call) => {
    calls += 1;
    const call = calls;
    send({ type: 'call', run, call, ask: wanted });
    return new Promise((resolve, reject) => void replies.set(call, { resolve, reject }));
  };
  return { hostname, ask, tell: (stream, text) => ask({ kind: 'write', stream, text }) };
}

/** curl's own default is http; this shell's is https, which nothing simulated speaks, so only those who wrote it mean it. */
function schemeOf({ words, env }: RunScript, url: string): string {
  const meant = [...words, ...Object.values(env)].some((text) => text.includes('https://'));
  return meant ? url : url.replace(/^https:/, 'http:');
}

function bashOf(script: RunScript): Bash {
  const port = portOf(script);
  const fs = files.get(script.container) ?? containerFiles(script.mounts);
  files.set(script.container, fs);
  const bash = new Bash({
    fs,
    cwd: script.cwd,
    executionLimits: NEVER_ENDING,
    processInfo: { pid: 1, ppid: 0, uid: 0, gid: 0 },
    sleep: async (milliseconds) => void (await port.ask({ kind: 'sleep', milliseconds })),
    fetch: async (url, options) => {
      const { method = 'GET', headers = {}, body } = options ?? {};
      const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const text = body === undefined || body === null ? undefined : Buffer.from(body as string).toString('latin1');
      const ask = {
        kind: 'http',
        url: schemeOf(script, url),
        method,
        headers: given,
        body: text,
        timeoutMilliseconds: HTTP_TIMEOUT_MILLISECONDS,
      } as const;
      const reply = (await port.ask(ask)) as HttpReply;
      return { ...reply, headers: { ...reply.headers }, body: Buffer.from(reply.body, 'latin1'), url };
    },
    customCommands: containerCommands(() => port),
  });
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

async function execute(script: RunScript, signal: AbortSignal): Promise<ScriptEnd> {
  const bash = bashOf(script);
  const { script: text, args } = commandOf(script.words);
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root', HOSTNAME: script.hostname, ...script.env };
  const result = await bash.exec(text, { env, replaceEnv: true, cwd: script.cwd, rawScript: true, signal, args });
  const message = await bash.readFile(script.messagePath).catch(() => '');
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr, message };
}

async function run(script: RunScript): Promise<void> {
  const abort = new AbortController();
  aborts.set(script.run, abort);
  const end = await execute(script, abort.signal).catch((error: unknown) => ({
    exitCode: abort.signal.aborted ? 143 : 1,
    stdout: '',
    stderr: abort.signal.aborted ? '' : `${error instanceof Error ? error.message : String(error)}\n`,
    message: '',
  }));
  aborts.delete(script.run);
  send({ type: 'done', run: script.run, end });
}

// A script that was ended leaves what it asked for unawaited; the answer to that must not end its neighbours' shells.
process.on('unhandledRejection', () => undefined);

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'run') void run(message);
  else if (message.type === 'abort') aborts.get(message.run)?.abort();
  else if (message.type === 'forget') files.delete(message.container);
  else {
    const waiting = replies.get(message.call);
    replies.delete(message.call);
    if (message.error === undefined) waiting?.resolve(message.value);
    else waiting?.reject(new Error(message.error));
  }
});
