import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ContainerStatus } from '@binnacle/node-cri';
import { findContainer, initContainers, isSidecar } from '../pod/identity.js';
import type { PodRuntimeState } from '../pod/runtime-state.js';
import { type HookTarget, runHook } from './hooks.js';
import type { NodeServices } from './services.js';

/** A preStop handler that used up the grace period still leaves the container this long. */
const LEAST_STOP_SECONDS = 2;

export interface Stop {
  readonly graceSeconds: number;
  readonly podIp: string;
  readonly message: (container: string) => string;
}

/** preStop handler, stop signal, and in the end SIGKILL, all within the grace period. */
export async function stopContainer(
  ctx: Context,
  node: NodeServices,
  pod: Pod,
  running: ContainerStatus,
  stop: Stop,
): Promise<void> {
  const { name } = running.metadata;
  const container = findContainer(pod, name);
  const begin = ctx.clock.now();
  node.events.container(pod, name, 'Normal', 'Killing', stop.message(name));
  if (container?.lifecycle?.preStop && stop.graceSeconds > 0) {
    const { graceSeconds: timeoutSeconds, podIp } = stop;
    const target = { container, sandboxId: running.sandboxId, containerId: running.id, podIp, timeoutSeconds };
    await preStop(ctx, node, pod, target);
  }
  const used = Math.round((ctx.clock.now() - begin) / 1000);
  const left = used > 0 ? Math.max(stop.graceSeconds - used, LEAST_STOP_SECONDS) : stop.graceSeconds;
  await node.runtime.stopContainer(ctx, running.id, left);
}

async function preStop(ctx: Context, node: NodeServices, pod: Pod, target: HookTarget): Promise<void> {
  const { container } = target;
  await runHook(ctx, node.runtime, container.lifecycle?.preStop ?? {}, target).catch((error: unknown) => {
    const message = `PreStopHook failed: ${error instanceof Error ? error.message : String(error)}`;
    node.events.container(pod, container.name, 'Warning', 'FailedPreStopHook', message);
  });
}

/** Stops all that runs of a Pod: the main containers together, then the sidecars from the last to the first. */
export async function stopContainers(
  ctx: Context,
  node: NodeServices,
  pod: Pod,
  state: PodRuntimeState,
  stop: Stop,
): Promise<void> {
  const deadline = ctx.clock.now() + stop.graceSeconds * 1000;
  const running = state.containers.filter((container) => container.state === 'running');
  const sidecars = initContainers(pod)
    .filter(isSidecar)
    .map(({ name }) => name)
    .reverse();
  const isMain = ({ metadata }: ContainerStatus) => !sidecars.includes(metadata.name);
  await Promise.all(running.filter(isMain).map((container) => stopContainer(ctx, node, pod, container, stop)));
  for (const name of sidecars) {
    const left = Math.max(1, Math.ceil((deadline - ctx.clock.now()) / 1000));
    const found = running.filter(({ metadata }) => metadata.name === name);
    await Promise.all(found.map((each) => stopContainer(ctx, node, pod, each, { ...stop, graceSeconds: left })));
  }
}
