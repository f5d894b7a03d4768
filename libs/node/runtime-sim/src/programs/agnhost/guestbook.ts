import { sleep } from '@binnacle/machinery-context';
import { SharedHttpServer } from '../http.js';
import type { Process } from '../program.js';
import { endsAtOnce, logLine, type Subcommand } from './process.js';

const TIMEOUT_MILLISECONDS = 5000;
const REGISTER_TRIES = 15;
const MOST_ENTRIES = 10_000;
const MOST_REPLICAS = 100;
/** Of all keys and values of one book. */
const MOST_CHARACTERS = 1024 * 1024;

/** What one server of a guestbook keeps. */
interface Book {
  readonly entries: Map<string, string>;
  readonly replicas: Set<string>;
  readonly backendPort: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const books = new WeakMap<Process, Book>();

/** Whether there was room for it. */
function keep({ entries }: Book, key: string, value: string): boolean {
  const others = [...entries].filter(([other]) => other !== key);
  const size = others.reduce((sum, each) => sum + each.join('').length, key.length + value.length);
  if (others.length >= MOST_ENTRIES || size > MOST_CHARACTERS) return false;
  entries.set(key, value);
  return true;
}

const ok = (value: unknown): Answer => ({ status: 200, text: JSON.stringify(value) });

async function ask(process: Process, host: string, port: number, path: string): Promise<string> {
  const url = `http://${host}:${port}/${path}`;
  const { network } = process;
  return (
    await network.http({ url, method: 'GET', headers: {}, timeoutMilliseconds: TIMEOUT_MILLISECONDS })
  ).body.toString();
}

type Page = (process: Process, book: Book, query: URLSearchParams) => Promise<Answer>;

const register: Page = async (_, { entries, replicas }, query) => {
  if (replicas.size < MOST_REPLICAS) replicas.add(query.get('host') ?? '');
  return ok({ data: Object.fromEntries(entries) });
};

const get: Page = async (_, { entries }, query) => {
  const key = query.get('key');
  return ok({ data: key ? (entries.get(key) ?? '') : Object.fromEntries(entries) });
};

const set: Page = async (process, book, query) => {
  const { replicas, backendPort } = book;
  const [key, value] = [query.get('key') ?? '', query.get('value') ?? ''];
  if (!key) return { status: 400, text: 'cannot set with empty key.\n' };
  if (!keep(book, key, value)) return { status: 507, text: 'the guestbook is full.\n' };
  for (const replica of replicas)
    await ask(process, replica, backendPort, `set?${new URLSearchParams({ key, value })}`);
  return ok({ message: 'Updated' });
};

const guestbookPage: Page = async (process, { backendPort }, query) => {
  const command = query.get('cmd')?.toLowerCase();
  if (command !== 'get' && command !== 'set') return { status: 400, text: `unsupported cmd: '${command}'\n` };
  const asked = new URLSearchParams({ key: query.get('key') ?? '', value: query.get('value') ?? '' });
  const host = command === 'get' ? 'agnhost-replica' : 'agnhost-primary';
  return { status: 200, text: await ask(process, host, backendPort, `${command}?${asked}`) };
};

const PAGES: Readonly<Record<string, Page>> = {
  '/register': register,
  '/get': get,
  '/set': set,
  '/guestbook': guestbookPage,
};

async function respond(process: Process, url: URL): Promise<Answer> {
  const book = books.get(process);
  const page = Object.hasOwn(PAGES, url.pathname) ? PAGES[url.pathname] : undefined;
  logLine(process, `GET ${url.pathname}${url.search}`);
  if (!page || !book) return { status: 404, text: '404 page not found\n' };
  return await page(process, book, url.searchParams).catch((error: unknown) => ({
    status: 417,
    text: `encountered error: ${error instanceof Error ? error.message : String(error)}\n`,
  }));
}

const server = new SharedHttpServer((process, request, response) => {
  const answer = async () => {
    const { status, text } = await respond(process, new URL(request.url ?? '/', 'http://pod'));
    response.writeHead(status).end(text);
  };
  answer().catch(() => response.destroy());
});

async function registerAt(process: Process, primary: string, book: Book): Promise<void> {
  for (let tried = 0; tried < REGISTER_TRIES; tried += 1) {
    try {
      const answer = await ask(process, primary, book.backendPort, `register?host=${process.identity.ip}`);
      const { data } = JSON.parse(answer) as { data: Record<string, string> };
      for (const [key, value] of Object.entries(data)) keep(book, key, String(value));
      return logLine(process, `Registered to node: ${primary}`);
    } catch (error) {
      logLine(process, `encountered error while registering to primary: ${String(error)}. Retrying in 1s.`);
    }
    await sleep(process.ctx, 1000);
  }
  logLine(process, 'Timed out while registering to primary.');
  process.exit(1);
}

/** A guestbook of a primary that keeps what is written, and replicas that are told of it. */
export const guestbook: Subcommand = async (process, flags) => {
  const book = { entries: new Map(), replicas: new Set<string>(), backendPort: flags.number('backend-port', 6379) };
  books.set(process, book);
  await process.listenTcp(flags.number('http-port', 80), (socket) => server.accept(process, socket));
  const primary = flags.text('replicaof');
  if (primary) registerAt(process, primary, book).catch(() => undefined);
  return endsAtOnce(process);
};
