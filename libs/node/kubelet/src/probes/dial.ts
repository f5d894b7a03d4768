import { type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, HTTPGetAction } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { IntOrString } from '@binnacle/machinery-meta';
import type { SandboxNetwork, SocketAddress } from '@binnacle/node-cri';

export interface ProbeResult {
  readonly passed: boolean;
  readonly output: string;
}

const TIMED_OUT = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
const LONGEST_BODY = 10 * 1024;
/** A connection for each probe, as upstream; only what TLS agreed on before is used again, which spares both sides work. */
const secureAgent = new HttpsAgent({ keepAlive: false, maxCachedSessions: 200 });

/** Resolves a port given by number or by the name of a container's port. Throws where there is no such port. */
export function resolvePort(port: IntOrString, container: Container): number {
  const number = typeof port === 'number' ? port : Number(port);
  const found = Number.isInteger(number) ? number : container.ports?.find(({ name }) => name === port)?.containerPort;
  if (found === undefined || found < 1 || found > 65_535) throw new Error(`invalid port number: ${port}`);
  return found;
}

function dialText(error: NodeJS.ErrnoException, host: string, port: number): string {
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'connect: connection refused',
    EHOSTUNREACH: 'connect: no route to host',
    ECONNRESET: 'read: connection reset by peer',
  };
  return `dial tcp ${host}:${port}: ${reasons[error.code ?? ''] ?? error.message}`;
}

/** What is asked for, and where that really is. */
export interface DialTarget {
  readonly ip: string;
  readonly port: number;
  readonly address: SocketAddress;
}

/** Finds what is to be probed, or the answer of a probe that leads nowhere. */
export async function dialTarget(
  ctx: Context,
  network: SandboxNetwork,
  sandboxId: string,
  ip: string,
  port: number,
): Promise<DialTarget | ProbeResult> {
  try {
    return { ip, port, address: await network.reach(ctx, sandboxId, ip, port) };
  } catch (error) {
    return { passed: false, output: dialText(error as NodeJS.ErrnoException, ip, port) };
  }
}

/** A bare connection, closed at once. */
export function probeTcp({ ip, port, address }: DialTarget, timeoutSeconds: number): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: timeoutSeconds * 1000 });
    const finish = (passed: boolean, output: string) => {
      socket.destroy();
      resolve({ passed, output });
    };
    socket.once('connect', () => finish(true, ''));
    socket.once('timeout', () => finish(false, `dial tcp ${ip}:${port}: i/o timeout`));
    socket.once('error', (error) => finish(false, dialText(error, ip, port)));
  });
}

export interface HttpTarget extends DialTarget {
  readonly action: HTTPGetAction;
  readonly timeoutSeconds: number;
}

function verdict(response: IncomingMessage, body: string): ProbeResult {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 400) return { passed: true, output: body };
  return { passed: false, output: `HTTP probe failed with statuscode: ${status}` };
}

function headersOf(action: HTTPGetAction): Record<string, string> {
  const given = (action.httpHeaders ?? []).map(({ name, value }) => [name, value] as const);
  return { 'user-agent': 'kube-probe/1.36', accept: '*/*', connection: 'close', ...Object.fromEntries(given) };
}

/** GET; any answer from 200 to 399 passes. Certificates are not checked, as upstream does not. */
export function probeHttp({ ip, port, address, action, timeoutSeconds }: HttpTarget): Promise<ProbeResult> {
  const secure = action.scheme?.toUpperCase() === 'HTTPS';
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const url = `${secure ? 'https' : 'http'}://${ip}:${port}${path}`;
  const options = { ...address, path, headers: headersOf(action), rejectUnauthorized: false };
  return new Promise((resolve) => {
    const finish = (result: ProbeResult) => {
      resolve(result);
      request.destroy();
    };
    const fail = (reason: string) => finish({ passed: false, output: `Get "${url}": ${reason}` });
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const request = (secure ? httpsRequest : httpRequest)(
      { ...options, agent: secure ? secureAgent : false, signal },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          if (body.length < LONGEST_BODY) body += chunk.toString();
        });
        response.once('end', () => finish(verdict(response, body)));
        response.once('error', () => fail(signal.aborted ? TIMED_OUT : 'unexpected EOF'));
      },
    );
    request.once('error', (error: NodeJS.ErrnoException) => {
      fail(signal.aborted ? TIMED_OUT : dialText(error, ip, port));
    });
    request.end();
  });
}
