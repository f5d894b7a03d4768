import { connect, type Socket } from 'node:net';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { PodSandboxStatus } from '@binnacle/node-cri';
import { type ForwardedConnection, openPortForwardSession, type Upgrade } from '@binnacle/process-streams';
import { initContainers, mainContainers, podUid } from '../../pod/identity.js';
import type { StreamRequest } from './stream-request.js';
import { findSandbox, type StreamSource } from './stream-target.js';

const CONNECT_MILLISECONDS = 10_000;

interface Target {
  readonly pod: Pod;
  readonly sandbox: PodSandboxStatus;
}

/** A Pod of the node's network has the node's localhost: of that, clients are led to what the Pod says it serves. */
function isServed(pod: Pod, port: number): boolean {
  if (!pod.spec?.hostNetwork) return true;
  const containers = [...mainContainers(pod), ...initContainers(pod)];
  return containers.some(({ ports }) => ports?.some(({ containerPort }) => containerPort === port));
}

function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_MILLISECONDS, allowHalfOpen: true });
    socket.once('timeout', () => socket.destroy(new Error(`dial tcp ${host}:${port}: i/o timeout`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** Both ways, until both sides have said all or one is gone. */
function join(data: ForwardedConnection['data'], socket: Socket): void {
  data.pipe(socket);
  socket.pipe(data);
  socket.on('error', () => data.destroy());
  socket.once('close', () => {
    if (!data.writableFinished) data.end();
  });
  data.once('close', () => socket.destroySoon());
}

async function forward(
  ctx: Context,
  source: StreamSource,
  { pod, sandbox }: Target,
  { port, data, error }: ForwardedConnection,
): Promise<void> {
  try {
    if (!isServed(pod, port)) throw new Error('a Pod of the network of its node serves only ports it declares');
    const { host, port: real } = await source.runtime.reach(ctx, sandbox.id, sandbox.ip || 'localhost', port);
    const socket = await dial(host, real);
    // Gone while it was being dialled.
    if (data.destroyed) socket.destroy();
    else join(data, socket);
    error.end();
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    error.end(`error forwarding port ${port} to pod ${sandbox.id}, uid ${podUid(pod)}: ${why}`);
    data.resume().end();
  }
}

/** Forwards connections to a Pod's ports until the client goes, or the Pod's network. */
export async function servePortForward(
  ctx: Context,
  source: StreamSource,
  request: StreamRequest,
  upgrade: Upgrade,
): Promise<void> {
  const target = await findSandbox(ctx, source, request);
  const onForward = (connection: ForwardedConnection) => void forward(ctx, source, target, connection);
  const session = await openPortForwardSession(upgrade, request.query, ctx.clock, onForward);
  if (!session) return;
  const stopListening = source.runtime.onEvent(({ type, sandboxId, containerId }) => {
    if (type !== 'started' && sandboxId === target.sandbox.id && containerId === undefined) session.close();
  });
  ctx.signal.addEventListener('abort', () => session.close(), { once: true });
  await session.ended;
  stopListening();
}
