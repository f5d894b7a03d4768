import { acceptWebSocket, protocolsOf, type Upgrade } from '../websocket/accept-websocket.js';
import { ChannelConnection, type ChannelUse } from '../websocket/channel-connection.js';
import type { CommandOptions } from './command-options.js';
import type { CommandStreams } from './command-streams.js';
import { UpgradeRefusal } from './refusal.js';

type Closing = 'statusAsText' | 'ended' | 'close' | 'destroy';

const [STDOUT, STDERR, ERROR] = [1, 2, 3] as const;
/** stdin, stdout, stderr, error, resize */
const CHANNELS: readonly ChannelUse[] = ['read', 'write', 'write', 'write', 'read'];

export const V5 = 'v5.channel.k8s.io';

/** Every subprotocol of commands; a client that names none speaks the oldest. */
const PROTOCOLS: readonly string[] = [
  V5,
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];

function choose(upgrade: Upgrade): string {
  const offered = protocolsOf(upgrade.request);
  const agreed = offered.find((protocol) => PROTOCOLS.includes(protocol));
  if (agreed !== undefined || offered.length === 0) return agreed ?? '';
  throw new UpgradeRefusal(400, `no requested protocol is supported: ${offered.join(', ')}`);
}

/** The channel on which a client before v5 is told that the connection stands: the first it reads. */
function greeted({ stdout, stderr }: CommandOptions): number {
  if (stdout) return STDOUT;
  return stderr ? STDERR : ERROR;
}

/** Channels nobody wants are read away. */
function wantedStreams(
  { streams }: ChannelConnection,
  options: CommandOptions,
): Omit<CommandStreams, Closing> | undefined {
  const [stdin, stdout, stderr, error, resize] = streams;
  if (!error) return undefined;
  if (!options.stdin) stdin?.resume();
  if (!options.tty) resize?.resume();
  return {
    ...(options.stdin && { stdin }),
    ...(options.stdout && { stdout }),
    ...(options.stderr && { stderr }),
    ...(options.tty && { resize }),
    error,
  };
}

/** A command's streams as channels of a WebSocket. */
export async function openChannels(upgrade: Upgrade, options: CommandOptions): Promise<CommandStreams | undefined> {
  const protocol = choose(upgrade);
  const socket = await acceptWebSocket(upgrade, protocol);
  if (!socket) return undefined;
  const closes = protocol === V5;
  const connection = new ChannelConnection(socket, { channels: CHANNELS, base64: protocol.includes('base64'), closes });
  if (!closes) connection.greet(greeted(options));
  const wanted = wantedStreams(connection, options);
  return (
    wanted && {
      ...wanted,
      statusAsText: !protocol.startsWith('v'),
      ended: connection.ended,
      close: () => connection.close(),
      destroy: () => connection.destroy(),
    }
  );
}
