import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { ConfigError } from '@binnacle/process-config';

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

export interface WantedPort {
  readonly flag: string;
  readonly purpose: string;
  readonly port: number;
}

/** Refuses to go on when a port is taken, before anything has been changed. */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { flag, purpose, port } of wanted) {
    if (await isFree('127.0.0.1', port)) continue;
    throw new ConfigError(
      `port ${port} on 127.0.0.1, wanted for ${purpose}, is taken; stop what uses it or choose another with ${flag}`,
    );
  }
}

const CONNECT_TIMEOUT_MILLISECONDS = 5000;

function hostsOf(url: URL): Array<{ host: string; port: number }> {
  if (url.searchParams.get('host')?.startsWith('/')) return [];
  return url.host.split(',').map((entry) => {
    const [host = 'localhost', port = '5432'] = entry.split(':');
    return { host, port: Number(port) };
  });
}

async function answers(host: string, port: number): Promise<boolean> {
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

function parseDatabaseUrl(text: string): URL | undefined {
  // Several hosts, as libpq takes them, are no valid URL: look at the first.
  const single = text.replace(/(@[^/,]+),[^/]*/, '$1');
  return URL.canParse(single) ? new URL(single) : undefined;
}

/** Refuses a DATABASE_URL that cannot be reached, naming the host but never the password. */
export async function requireDatabase(databaseUrl: string): Promise<void> {
  const url = parseDatabaseUrl(databaseUrl);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ConfigError('DATABASE_URL must look like postgres://user:password@host:5432/database');
  }
  for (const { host, port } of hostsOf(url)) {
    if (await answers(host, port)) return;
    throw new ConfigError(
      `the database at ${host}:${port} cannot be reached; start it, or correct DATABASE_URL, or unset it to use the embedded Postgres`,
    );
  }
}
