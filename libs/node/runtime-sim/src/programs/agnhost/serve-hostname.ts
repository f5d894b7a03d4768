import { SharedHttpServer } from '../http.js';
import { later, logLine, type Subcommand } from './process.js';

/** How long it waits for its Pod to be deleted once it was told to end. */
const LINGER_MILLISECONDS = 60_000;

const server = new SharedHttpServer((process, _, response) => void response.end(process.identity.hostname));

/** Says its name to whoever connects. */
export const serveHostname: Subcommand = async (process, flags) => {
  const port = flags.number('port', 9376);
  const [tcp, udp] = [flags.isSet('tcp'), flags.isSet('udp')];
  if (flags.isSet('http', true) && (tcp || udp))
    throw new Error("Can't server TCP/UDP mode and HTTP mode at the same time");
  const { hostname } = process.identity;
  if (tcp) await process.listenTcp(port, (socket) => void socket.end(hostname));
  if (udp) await process.listenUdp(port, (_, __, reply) => reply(Buffer.from(hostname)));
  if (!tcp && !udp) await process.listenTcp(port, (socket) => server.accept(process, socket));
  logLine(process, `Serving on port ${port}.`);
  return {
    signalled: () => {
      logLine(process, 'Shutting down after receiving signal: terminated.');
      logLine(process, 'Awaiting pod deletion.');
      later(process, LINGER_MILLISECONDS, () => process.exit(0));
    },
  };
};
