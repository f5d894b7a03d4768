import type { IncomingMessage, ServerResponse } from 'node:http';
import { clientOf } from '../client-address.js';
import type { Process } from '../program.js';
import { dial, dialOf } from './dial.js';
import { goDuration } from './flags.js';
import { later, logLine } from './process.js';

/** What one server of netexec knows besides its container. */
export interface NetexecState {
  readonly httpPort: number;
  /** The UDP server has started. */
  readonly ready: boolean;
  readonly terminating: boolean;
}

export interface Asked {
  readonly process: Process;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly state: NetexecState;
}

type Page = (asked: Asked) => void | Promise<void>;

/** Upstream's own server takes no larger one. */
const LARGEST_EXIT_CODE = 127;
const SHELL_SECONDS = 60;

const parameter = ({ url }: Asked, name: string): string => url.searchParams.get(name) ?? '';
const hostname: Page = ({ process, response }) => void response.end(process.identity.hostname);

function isStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 200 && code <= 599;
}

const echo: Page = (asked) => {
  const code = Number(parameter(asked, 'code') || '200');
  asked.response.writeHead(isStatus(code) ? code : 400).end(parameter(asked, 'msg'));
};

const header: Page = (asked) => {
  const { headers } = asked.request;
  const key = parameter(asked, 'key');
  const values = Object.entries(headers).map(([name, value]) => [
    name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    [value].flat(),
  ]);
  asked.response.end(key ? String(headers[key.toLowerCase()] ?? '') : JSON.stringify(Object.fromEntries(values)));
};

const exit: Page = (asked) => {
  const { process, response } = asked;
  const code = Number(parameter(asked, 'code') || '0');
  const [wait, timeout] = ['wait', 'timeout'].map((name) => goDuration(parameter(asked, name) || '0'));
  const isCode = Number.isInteger(code) && code >= 0 && code <= LARGEST_EXIT_CODE;
  if (!isCode || wait === undefined || timeout === undefined) return void response.writeHead(400).end();
  response.end();
  if (wait > 0) return later(process, wait, () => process.exit(code));
  return process.exit(code);
};

const shell: Page = async (asked) => {
  const { process, response } = asked;
  const command = parameter(asked, 'shellCommand') || parameter(asked, 'cmd');
  const { exitCode, stdout, stderr } = await process.run(['sh', '-c', command], SHELL_SECONDS);
  const output = `${stdout}${stderr}`;
  const said = { ...(output && { output }), ...(exitCode !== 0 && { error: `exit status ${exitCode}` }) };
  response.end(JSON.stringify(said));
};

const dialled: Page = async ({ process, response, url }) => {
  const wanted = dialOf(url.searchParams);
  if (typeof wanted === 'string') return void response.writeHead(400).end(`${wanted}\n`);
  response.end(JSON.stringify(await dial(process, wanted)));
};

const redirect: Page = (asked) => {
  const code = Number(parameter(asked, 'code') || '302');
  asked.response.writeHead(isStatus(code) ? code : 400, { location: parameter(asked, 'location') }).end();
};

const readyz: Page = ({ response, state }) => {
  if (state.terminating) return void response.writeHead(503).end('shutting down');
  response.writeHead(state.ready ? 200 : 412).end(state.ready ? 'ok' : '');
};

const PAGES: Readonly<Record<string, Page>> = {
  '/clientip': ({ request, response }) => void response.end(clientOf(request.socket)),
  '/serverport': ({ response, state }) => void response.end(String(state.httpPort)),
  '/header': header,
  '/dial': dialled,
  '/echo': echo,
  '/exit': exit,
  '/healthz': ({ response, state }) => void response.writeHead(state.ready ? 200 : 412).end(),
  '/readyz': readyz,
  '/hostname': hostname,
  '/hostName': hostname,
  '/redirect': redirect,
  '/shell': shell,
  '/shutdown': ({ process }) => process.exit(0),
};

const root: Page = ({ process, response }) =>
  void response.end(`NOW: ${new Date(process.ctx.clock.now()).toISOString()}`);

/** Answers as upstream's netexec does; every path that is none of its own says the time. */
export async function respond(asked: Asked): Promise<void> {
  const { process, url } = asked;
  logLine(process, `GET ${url.pathname}${url.search}`);
  const page = Object.hasOwn(PAGES, url.pathname) ? PAGES[url.pathname] : undefined;
  await (page ?? root)(asked);
}
