import { ANNOTATION_STOP_ORDER } from '@binnacle/apis-kubernetes/well-known';
import type { Context } from '@binnacle/machinery-context';
import type { PodSandboxStatus, RuntimeService } from '@binnacle/node-cri';

const GRACE_SECONDS = 20;

const orderOf = (sandbox: PodSandboxStatus): number => Number(sandbox.annotations[ANNOTATION_STOP_ORDER] ?? 0);

async function remove(ctx: Context, runtime: RuntimeService, sandbox: PodSandboxStatus): Promise<void> {
  ctx.logger.info('removing a Pod nobody asks for any more', { pod: sandbox.metadata.name, uid: sandbox.metadata.uid });
  const containers = await runtime.listContainers(ctx, sandbox.id);
  await Promise.all(containers.map(({ id }) => runtime.stopContainer(ctx, id, GRACE_SECONDS)));
  await runtime.removePodSandbox(ctx, sandbox.id);
}

/** Ends what an earlier run of the agent left behind and nobody asks for now, in stop order. */
export async function removeOrphans(
  ctx: Context,
  runtime: RuntimeService,
  isKnown: (uid: string) => boolean,
): Promise<void> {
  const orphans = (await runtime.listPodSandboxes(ctx)).filter(({ metadata }) => !isKnown(metadata.uid));
  for (const order of [...new Set(orphans.map(orderOf))].sort((a, b) => a - b)) {
    await Promise.all(orphans.filter((each) => orderOf(each) === order).map((each) => remove(ctx, runtime, each)));
  }
}
