import { once } from 'node:events';
import { connect } from 'node:net';
import { ConfigError } from '@binnacle/process-config';

const CONNECT_TIMEOUT_MILLISECONDS = 5000;

interface Host {
  readonly host: string;
  readonly port: number;
}

/** A libpq URL, which unlike other URLs may name several hosts. */
const DATABASE_URL = /^postgres(?:ql)?:\/\/(?:[^@/?]*@)?([^/?]*)(?:\/[^?]*)?(?:\?(.*))?$/;
const HOST = /^(\[[^\]]*\]|[^:[\]@]*)(?::(\d{1,5}))?$/;
const HIGHEST_PORT = 65_535;

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The hosts of a database URL, none for a unix socket; undefined where it is no such URL. */
export function databaseHosts(text: string): Host[] | undefined {
  const [match, authority = '', query = ''] = DATABASE_URL.exec(text) ?? [];
  if (match === undefined || !isEncoded(match)) return undefined;
  const parameters = new URLSearchParams(query);
  const named = parameters.get('host') ?? authority;
  if (decodeURIComponent(named).startsWith('/')) return [];
  const hosts = named.split(',').map((entry) => HOST.exec(entry));
  if (!hosts.every((host) => host !== null)) return undefined;
  const found = hosts.map(([, host = '', port = parameters.get('port') ?? '5432']) => ({
    host: host.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(port),
  }));
  return found.every(({ port }) => port <= HIGHEST_PORT) ? found : undefined;
}

/** Whether somebody takes connections there. */
export async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  socket.setTimeout(CONNECT_TIMEOUT_MILLISECONDS, () => socket.destroy(new Error('timeout')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Refuses a DATABASE_URL none of whose hosts can be reached, naming the hosts but never the password. That one of several is
 * down is what there are several for.
 */
export async function requireDatabase(databaseUrl: string): Promise<void> {
  const hosts = databaseHosts(databaseUrl);
  if (!hosts)
    throw new ConfigError(
      'DATABASE_URL must look like postgres://user:password@host:5432/database, special characters in it written like %40 for @',
    );
  for (const { host, port } of hosts) if (await answers(host, port)) return;
  if (hosts.length === 0) return;
  const names = hosts.map(({ host, port }) => `${host}:${port}`).join(', ');
  throw new ConfigError(
    `the database at ${names} cannot be reached; start it, or correct DATABASE_URL, or unset it to use the embedded Postgres`,
  );
}
