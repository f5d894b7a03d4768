import type { Clock } from '@binnacle/machinery-context';
import { createWebSocketStream } from 'ws';
import { SpdyConnection } from '../spdy/spdy-connection.js';
import { acceptWebSocket, protocolsOf, type Upgrade } from '../websocket/accept-websocket.js';
import type { OnForward, PortForwardSession } from './forwarded-connection.js';
import { acceptSpdy, negotiate, upgradedTo, WEBSOCKET } from './negotiate.js';
import { forwardChannels } from './port-forward-channels.js';
import { StreamPairs } from './stream-pairs.js';

const PROTOCOL = 'portforward.k8s.io';
export const TUNNEL = 'SPDY/3.1+portforward.k8s.io';

/** SPDY as it is, or as the bytes of a WebSocket's messages. */
async function openTunnel(upgrade: Upgrade, pairs: StreamPairs): Promise<SpdyConnection | undefined> {
  const socket = await acceptWebSocket(upgrade, TUNNEL);
  if (!socket) return undefined;
  const bytes = createWebSocketStream(socket);
  return new SpdyConnection(bytes, { role: 'server', onStream: (stream) => pairs.add(stream) });
}

/**
 * Agrees with a client on how connections to a Pod's ports are carried, and begins. `query` names the ports where the protocol has
 * no other way to (`port=80`). Rejects with an UpgradeRefusal; answers undefined where the client has gone.
 */
export async function openPortForwardSession(
  upgrade: Upgrade,
  query: URLSearchParams,
  clock: Clock,
  onForward: OnForward,
): Promise<PortForwardSession | undefined> {
  const pairs = new StreamPairs(clock, onForward);
  if (upgradedTo(upgrade.request) !== WEBSOCKET) {
    const protocol = negotiate(upgrade.request, [PROTOCOL]);
    return acceptSpdy(upgrade, protocol, (stream) => pairs.add(stream));
  }
  if (protocolsOf(upgrade.request).includes(TUNNEL)) return await openTunnel(upgrade, pairs);
  return await forwardChannels(upgrade, query, onForward);
}
