import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads `host:port`; port 0, which is any, only where that is `lowest`. */
export function parseAddress(text: string, lowest = 1): Address {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host && Number(port) >= lowest && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new ConfigError(`"${text}" is no address of the form host:port`);
}

async function dial(address: Address): Promise<Socket | undefined> {
  const socket = connect({ ...address, noDelay: true, allowHalfOpen: true });
  try {
    await once(socket, 'connect');
    return socket;
  } catch {
    socket.destroy();
    return undefined;
  }
}

/** The first target from `turn` on that can be reached. */
async function dialFrom(targets: readonly Address[], turn: number): Promise<Socket | undefined> {
  for (let offset = 0; offset < targets.length; offset += 1) {
    const target = targets[(turn + offset) % targets.length];
    const socket = target && (await dial(target));
    if (socket) return socket;
  }
  return undefined;
}

function join(client: Socket, server: Socket): void {
  client.pipe(server);
  server.pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('close', () => other.destroy());
    one.on('error', () => other.destroy());
  }
}

/**
 * One TCP port in front of several servers, each connection to the next one that answers, until the context aborts.
 * Answers the port once it listens. TLS passes through: the certificate is the servers'.
 */
export async function startBalancer(ctx: Context, listen: Address, targets: readonly Address[]): Promise<number> {
  const clients = new Set<Socket>();
  let turn = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', () => client.destroy());
    turn += 1;
    void dialFrom(targets, turn).then((upstream) => {
      if (upstream && !client.destroyed) return join(client, upstream);
      upstream?.destroy();
      client.destroy();
    });
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  ctx.signal.addEventListener('abort', () => {
    server.close();
    for (const client of clients) client.destroy();
  });
  const bound = server.address();
  return typeof bound === 'object' && bound ? bound.port : listen.port;
}

export interface BalanceFlags {
  readonly listen: string;
  readonly to: readonly string[];
}

export async function balance(ctx: Context, flags: BalanceFlags): Promise<void> {
  const port = await startBalancer(
    ctx,
    parseAddress(flags.listen, 0),
    flags.to.map((to) => parseAddress(to)),
  );
  process.stdout.write(`Port ${port} leads to ${flags.to.join(', ')}\n`);
  if (!ctx.signal.aborted) await once(ctx.signal, 'abort');
}
