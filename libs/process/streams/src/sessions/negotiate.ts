import type { IncomingMessage } from 'node:http';
import { SpdyConnection, type SpdyOptions } from '../spdy/spdy-connection.js';
import { isUpgradeTo, type Upgrade } from '../websocket/accept-websocket.js';
import { UpgradeRefusal } from './refusal.js';

const PROTOCOL_HEADER = 'x-stream-protocol-version';

export const SPDY = 'spdy/3.1';
export const WEBSOCKET = 'websocket';

/** What a client offers over SPDY; several headers are joined by node. */
const offered = ({ headers }: Pick<IncomingMessage, 'headers'>): string[] =>
  [headers[PROTOCOL_HEADER] ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter(Boolean);

/** The first of what a client offers that is spoken here; empty where it offers nothing. Throws an UpgradeRefusal. */
export function negotiate(request: Pick<IncomingMessage, 'headers'>, spoken: readonly string[]): string {
  const wanted = offered(request);
  if (wanted.length === 0) return '';
  const agreed = wanted.find((protocol) => spoken.includes(protocol));
  if (agreed !== undefined) return agreed;
  const list = (texts: readonly string[]) => `[${texts.join(' ')}]`;
  const why = `client supports ${list(wanted)}, server accepts ${list(spoken)}`;
  throw new UpgradeRefusal(403, `unable to upgrade: unable to negotiate protocol: ${why}`, {
    'x-accepted-stream-protocol-versions': spoken.join(','),
  });
}

/** Throws an UpgradeRefusal for what asks for no protocol that is spoken here. */
export function upgradedTo(request: Pick<IncomingMessage, 'headers'>): typeof SPDY | typeof WEBSOCKET {
  if (isUpgradeTo(request, WEBSOCKET)) return WEBSOCKET;
  if (isUpgradeTo(request, SPDY)) return SPDY;
  throw new UpgradeRefusal(400, 'unable to upgrade: missing upgrade headers in request');
}

/** Answers a request for SPDY and begins to speak it. */
export function acceptSpdy(
  { socket, head }: Upgrade,
  protocol: string,
  onStream: SpdyOptions['onStream'],
): SpdyConnection {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1'];
  if (protocol) lines.push(`X-Stream-Protocol-Version: ${protocol}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return new SpdyConnection(socket, { role: 'server', onStream }, head);
}
