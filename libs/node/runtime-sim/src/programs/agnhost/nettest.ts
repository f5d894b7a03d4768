import { bodyOf } from './request-body.js';
import { SharedHttpServer } from '../http.js';
import type { Process } from '../program.js';
import { endsAtOnce, type Subcommand } from './process.js';

/** Of names it has heard from, and of complaints. */
const MOST = 500;
/** Characters of a name or a complaint. */
const LONGEST = 253;

/** What it tells of itself; it looks for no peers, of which its Pod would have to read the Endpoints. */
interface State {
  readonly Received: Record<string, number>;
  readonly Errors: string[];
}

const states = new WeakMap<Process, State>();

function complain({ Errors }: State, why: string): void {
  if (Errors.length < MOST) Errors.push(why.slice(0, LONGEST));
}

function hear(process: Process, state: State, text: string): void {
  const said: unknown = JSON.parse(text);
  const source = typeof said === 'object' && said !== null && 'Source' in said ? String(said.Source) : '';
  if (!source || source.length > LONGEST) complain(state, `${process.identity.hostname}: Got request with no source`);
  else if (Object.keys(state.Received).length < MOST)
    state.Received[source] = (Object.hasOwn(state.Received, source) ? (state.Received[source] ?? 0) : 0) + 1;
}

async function answer(process: Process, state: State, path: string, body: string): Promise<string | undefined> {
  const { hostname: Hostname } = process.identity;
  if (path === '/read') return JSON.stringify({ Hostname, Sent: null, ...state, Log: [], StillContactingPeers: false });
  if (path === '/status') return 'fail';
  if (path !== '/write') return undefined;
  try {
    hear(process, state, body);
  } catch (error) {
    complain(state, String(error));
  }
  return `${JSON.stringify({ Hostname })}\n`;
}

const server = new SharedHttpServer((process, request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const state = states.get(process);
  const reply = async () => {
    if (path === '/quit') return process.exit(0);
    const text = state && (await answer(process, state, path, await bodyOf(request)));
    response.writeHead(text === undefined ? 404 : 200).end(text ?? '404 page not found\n');
  };
  reply().catch(() => response.destroy());
});

/** Counts who writes to it. */
export const nettest: Subcommand = async (process, flags) => {
  states.set(process, { Received: {}, Errors: [] });
  await process.listenTcp(flags.number('port', 8080), (socket) => server.accept(process, socket));
  return endsAtOnce(process);
};
