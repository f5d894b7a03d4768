import { defineCommand } from 'just-bash';
import type { Addresses, Found } from '../../network/stub-resolver.js';
import type { RunPort } from '../commands.js';
import { reversed, said } from './question-words.js';

const NOT_FOUND = 2;
const ADDRESS_WIDTH = 15;
const SOCKETS = ['STREAM', 'DGRAM', 'RAW'];

const padded = (address: string): string => address.padEnd(ADDRESS_WIDTH);

async function nameOf(port: RunPort, address: string, reverse: string): Promise<string> {
  const found = (await port.ask({ kind: 'lookup', wanted: { name: reverse, type: 'PTR', search: false } })) as Found;
  const names = found.message.answers.filter(({ type }) => type === 'PTR').map(({ data }) => data.replace(/\.$/, ''));
  return names.length > 0 ? `${padded(address)} ${names.join(' ')}\n` : '';
}

/** Each address once for every kind of socket, the name with the first. */
const allOf = ({ addresses, names }: Addresses): string =>
  addresses
    .flatMap((address, at) =>
      SOCKETS.map((socket, kind) => `${padded(address)} ${socket}${at + kind === 0 ? ` ${names[0] ?? ''}` : ''}\n`),
    )
    .join('');

async function hosts(port: RunPort, name: string): Promise<string> {
  const reverse = reversed(name);
  if (reverse) return await nameOf(port, name, reverse);
  const { addresses, names } = (await port.ask({ kind: 'addresses', name })) as Addresses;
  return addresses.map((address) => `${padded(address)} ${names.join(' ')}\n`).join('');
}

/** Of the databases, those of names: what the files of the container say first, and the servers else. */
export const getent = (port: () => RunPort) =>
  defineCommand('getent', async ([database = '', name = '']) => {
    if (!/^(ahosts(v4)?|hosts)$/.test(database)) return said('', NOT_FOUND);
    const asked =
      database === 'hosts'
        ? hosts(port(), name)
        : port()
            .ask({ kind: 'addresses', name })
            .then((found) => allOf(found as Addresses));
    const text = await asked.catch(() => '');
    return said(text, text ? 0 : NOT_FOUND);
  });
