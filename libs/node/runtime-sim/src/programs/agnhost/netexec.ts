import { clientOf } from '../client-address.js';
import type { DatagramHandler, Process } from '../program.js';
import { SharedHttpServer } from '../http.js';
import type { Flags } from './flags.js';
import { type NetexecState, respond } from './netexec-pages.js';
import { later, logLine, type Subcommand } from './process.js';
import { serverCredentials } from './tls.js';

const states = new WeakMap<Process, NetexecState & { readonly override: string }>();

const server = new SharedHttpServer((process, request, response) => {
  const state = states.get(process);
  const path = state?.override || request.url || '/';
  if (!state || !URL.canParse(path, 'http://pod')) return void response.writeHead(400).end();
  const url = new URL(path, 'http://pod');
  respond({ process, request, response, url, state }).catch(() => response.destroy());
});

/** `hostname`, `echo <msg>`, `clientip` and `serverport`; what is none of them is not answered. */
const datagrams =
  (process: Process, port: number): DatagramHandler =>
  (message, from, reply) => {
    const text = message.toString().trim().toLowerCase();
    const client = clientOf({ remoteAddress: from.address, remotePort: from.port });
    if (text === 'hostname') reply(Buffer.from(process.identity.hostname));
    else if (text.startsWith('echo ')) reply(Buffer.from(text.slice('echo '.length)));
    else if (text === 'clientip') reply(Buffer.from(client));
    else if (text === 'serverport') reply(Buffer.from(String(port)));
    else if (text) logLine(process, `Unknown UDP command received from ${client}: ${text}`);
  };

async function listen(process: Process, flags: Flags): Promise<void> {
  const [http, udp] = [flags.number('http-port', 8080), flags.number('udp-port', 8081)];
  const credentials = await serverCredentials(process, flags);
  const override = flags.text('http-override');
  states.set(process, { httpPort: http, ready: udp >= 0, terminating: false, override });
  await process.listenTcp(http, (socket) => server.accept(process, socket, credentials));
  logLine(process, `Started HTTP server on port ${http}`);
  if (udp >= 0) await process.listenUdp(udp, datagrams(process, udp));
  if (udp >= 0) logLine(process, `Started UDP server on port  ${udp}`);
}

/** HTTP and UDP with pages to see the network through. */
export const netexec: Subcommand = async (process, flags) => {
  await listen(process, flags);
  const delay = flags.number('delay-shutdown', 0);
  const terminate = () => {
    const state = states.get(process);
    if (state) states.set(process, { ...state, terminating: true });
    if (delay > 0) later(process, delay * 1000, () => process.exit(0));
    else process.exit(0);
  };
  return { signalled: terminate };
};
