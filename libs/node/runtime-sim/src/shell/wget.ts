import { type CommandContext, defineCommand } from 'just-bash';
import { failure, messageOf, type RunPort } from './commands.js';
import type { HttpReply } from './protocol.js';

interface WgetOptions {
  readonly quiet: boolean;
  readonly spider: boolean;
  readonly output: string | undefined;
  readonly timeoutSeconds: number;
  /** What is posted. */
  readonly data: string | undefined;
  readonly url: string | undefined;
}

type Wanted = { -readonly [K in keyof WgetOptions]: WgetOptions[K] };

/** A short option's value may follow it at once or as the next word. */
const VALUES = /^-(q?O|T)(.*)$/;
const POST_DATA = '--post-data=';

function readWord(options: Wanted, word: string): void {
  options.quiet ||= /^(-q|--quiet$)/.test(word);
  options.spider ||= word === '--spider';
  if (word.startsWith(POST_DATA)) options.data = word.slice(POST_DATA.length);
  else if (!word.startsWith('-')) options.url = word;
}

export function wgetOptions(args: readonly string[]): WgetOptions {
  const options: Wanted = {
    quiet: false,
    spider: false,
    timeoutSeconds: 900,
    output: undefined,
    data: undefined,
    url: undefined,
  };
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const [, name, attached] = VALUES.exec(word) ?? [];
    const value = name && !attached ? args[++index] : attached;
    if (name === 'T') options.timeoutSeconds = Number(value);
    else if (name) options.output = value;
    if (name) options.quiet ||= word.startsWith('-q');
    else readWord(options, word);
  }
  return options;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function fetched(port: RunPort, url: string, { data, timeoutSeconds }: WgetOptions): Promise<HttpReply> {
  const posted = data === undefined ? {} : { body: data };
  const headers = { 'user-agent': 'Wget', ...(data !== undefined && FORM) };
  const method = data === undefined ? 'GET' : 'POST';
  const ask = { kind: 'http', url, method, headers, ...posted, timeoutMilliseconds: timeoutSeconds * 1000 } as const;
  return (await port.ask(ask)) as HttpReply;
}

async function download(port: RunPort, ctx: CommandContext, url: string, options: WgetOptions) {
  const { quiet, spider, output } = options;
  const { status, statusText, body } = await fetched(port, url, options);
  if (status >= 400) return failure(`wget: server returned error: HTTP/1.1 ${status} ${statusText}\n`);
  const text = Buffer.from(body, 'latin1').toString();
  const name = output ?? (new URL(url).pathname.split('/').at(-1) || 'index.html');
  if (spider) return { stdout: '', stderr: quiet ? '' : 'remote file exists\n', exitCode: 0 };
  if (name === '-') return { stdout: text, stderr: '', exitCode: 0 };
  await ctx.fs.writeFile(ctx.fs.resolvePath(ctx.cwd, name), text);
  return { stdout: '', stderr: quiet ? '' : `'${name}' saved\n`, exitCode: 0 };
}

export const wget = (port: () => RunPort) =>
  defineCommand('wget', async (args, ctx) => {
    const options = wgetOptions(args);
    const { url } = options;
    if (!url) return failure('wget: missing URL\n');
    try {
      return await download(port(), ctx, url.includes('://') ? url : `http://${url}`, options);
    } catch (error) {
      return failure(`wget: ${messageOf(error)}\n`);
    }
  });
