import {
  ageColumn,
  ageOf,
  type Cell,
  column,
  nameColumn,
  nameOf,
  type TablePrinter,
  wide,
} from '@binnacle/apis-registry';
import { bytesText } from '../amounts.js';
import type { Connection, ConnectionPeer, ConnectionSpec, ConnectionStatus } from '../index.js';

const peerText = ({ address = '', port = 0 }: Partial<ConnectionPeer> = {}): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function endsOf({ serviceName = '', servicePort = '', client, endpoint }: Partial<ConnectionSpec>): Cell[] {
  return [peerText(client), `${serviceName}:${servicePort}`, peerText(endpoint)];
}

function carried({ sentBytes = 0, receivedBytes = 0 }: Partial<ConnectionStatus>): Cell[] {
  return [bytesText(sentBytes), bytesText(receivedBytes)];
}

/** Of an object that may say less than it should. */
function row({ spec, status, ...object }: Connection, now: number): Cell[] {
  const { protocol = '', purpose = '', asked }: Partial<ConnectionSpec> = spec ?? {};
  const { draining = false }: Partial<ConnectionStatus> = status ?? {};
  const told = [nameOf(object), protocol, ...endsOf(spec ?? {}), ...carried(status ?? {}), ageOf(object, now)];
  return [...told, purpose, peerText(asked), String(draining)];
}

/** Who talks to whom. */
export const printer: TablePrinter<Connection> = {
  columns: [
    nameColumn,
    column('Protocol', 'TCP or UDP.'),
    column('Client', 'Who asked.'),
    column('Service', 'The Service and its port.'),
    column('Endpoint', 'Who is asked in the end.'),
    column('Sent', 'What went from the client to the endpoint.'),
    column('Received', 'What came back.'),
    { ...ageColumn, description: 'Time since the connection was made.' },
    wide('Purpose', 'What the address that was asked is to the Service.'),
    wide('Asked', 'Where the client asked.'),
    wide('Draining', 'Whether the endpoint gets no new connections.'),
  ],
  row,
};
