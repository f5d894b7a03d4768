import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { newServiceUnavailable } from '@binnacle/machinery-meta';
import type { UpgradeOutcome } from '../kubelet/kubelet-connection.js';
import type { ProxiedRequest } from './proxied-request.js';

/** Whoever serves TLS behind a proxy has a certificate of its own making. */
async function secured(socket: Duplex): Promise<Duplex> {
  const tls = connectTls({ socket, rejectUnauthorized: false });
  await once(tls, 'secureConnect');
  return tls;
}

/** Makes one request over a connection, which ends with it. Rejects with ServiceUnavailable where nothing sensible answers. */
export async function makeRequest(
  socket: Duplex,
  { method, path, headers, body }: ProxiedRequest,
  { isTls, signal }: { readonly isTls: boolean; readonly signal: AbortSignal },
): Promise<UpgradeOutcome> {
  try {
    const connection = isTls ? await secured(socket) : socket;
    const call = httpRequest({ createConnection: () => connection, method, path, headers, signal });
    const answered = once(call, 'response').then(([head]) => ({ head: head as IncomingMessage }));
    const upgraded = once(call, 'upgrade').then(([head, raw, first]) => ({ head, socket: raw, first }));
    for (const outcome of [answered, upgraded]) outcome.catch(() => undefined);
    call.end(body);
    return (await Promise.race([answered, upgraded])) as UpgradeOutcome;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw newServiceUnavailable(
      `error trying to reach service: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
