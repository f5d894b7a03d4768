import { acceptWebSocket, protocolsOf, type Upgrade } from '../websocket/accept-websocket.js';
import { ChannelConnection, type ChannelUse } from '../websocket/channel-connection.js';
import type { OnForward, PortForwardSession } from './forwarded-connection.js';
import { UpgradeRefusal } from './refusal.js';

const PROTOCOLS = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];
const HIGHEST_PORT = 65_535;
/** A channel is one byte, and each port has two. */
const MOST_PORTS = 100;

/** The ports of the query: `port=80&port=81` or `port=80,81`. Throws an UpgradeRefusal. */
export function portsAsked(query: URLSearchParams): number[] {
  const texts = query.getAll('port').flatMap((text) => text.split(','));
  if (texts.length === 0) throw new UpgradeRefusal(400, 'query parameter "port" is required');
  if (texts.length > MOST_PORTS) throw new UpgradeRefusal(400, `more than ${MOST_PORTS} ports`);
  return texts.map((text) => {
    const port = Number(text);
    if (!/^\d{1,5}$/.test(text) || port > HIGHEST_PORT)
      throw new UpgradeRefusal(400, `unable to parse ${JSON.stringify(text)} as a port`);
    if (port === 0) throw new UpgradeRefusal(400, 'port "0" must be > 0');
    return port;
  });
}

function choose(upgrade: Upgrade): string {
  const offered = protocolsOf(upgrade.request);
  const agreed = offered.find((protocol) => PROTOCOLS.includes(protocol));
  if (agreed !== undefined || offered.length === 0) return agreed ?? '';
  throw new UpgradeRefusal(400, `no requested protocol is supported: ${offered.join(', ')}`);
}

function littleEndian(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

/** One connection to each port that is asked for, as a pair of channels that begin with the port's number. */
export async function forwardChannels(
  upgrade: Upgrade,
  query: URLSearchParams,
  onForward: OnForward,
): Promise<PortForwardSession | undefined> {
  const ports = portsAsked(query);
  const protocol = choose(upgrade);
  const socket = await acceptWebSocket(upgrade, protocol);
  if (!socket) return undefined;
  const channels = ports.flatMap((): ChannelUse[] => ['both', 'write']);
  const connection = new ChannelConnection(socket, { channels, base64: protocol.includes('base64'), closes: false });
  let open = ports.length;
  ports.forEach((port, index) => {
    const [data, error] = [connection.streams[index * 2], connection.streams[index * 2 + 1]];
    if (!data || !error) return;
    for (const stream of [data, error]) stream.write(littleEndian(port));
    data.once('close', () => {
      open -= 1;
      if (open === 0) connection.close();
    });
    onForward({ port, data, error });
  });
  return { ended: connection.ended, close: () => connection.close() };
}
