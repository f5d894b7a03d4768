import { sleep } from '@binnacle/machinery-context';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import { type ApiServerAddress, restoreKubernetesService } from './kubernetes-service.js';
import { restoreNamespaces } from './system-objects.js';

export const KEEP_EVERY_MILLISECONDS = 10_000;

async function restore(ctx: RequestContext, registry: Registry, address: ApiServerAddress): Promise<void> {
  try {
    await restoreNamespaces(ctx, registry);
    await restoreKubernetesService(ctx, registry, address);
  } catch (error) {
    if (!ctx.signal.aborted) ctx.logger.warn('a system object is missing and is tried again later', { error });
  }
}

/**
 * Makes again, until the context aborts, what somebody deleted of what every cluster must have. What is there is left
 * alone: several API servers would else overwrite each other's address. Behaves as kubernetes pkg/controlplane/controller
 * kubernetesservice and systemnamespaces.
 */
export async function keepSystemObjects(
  ctx: RequestContext,
  registry: Registry,
  address: ApiServerAddress,
): Promise<void> {
  while (!ctx.signal.aborted) {
    await sleep(ctx, KEEP_EVERY_MILLISECONDS).catch(() => undefined);
    if (!ctx.signal.aborted) await restore(ctx, registry, address);
  }
}
