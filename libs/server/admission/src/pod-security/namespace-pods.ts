import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { LevelVersion } from '@binnacle/apis-kubernetes/pod-security';
import { turns } from '@binnacle/server-flow-control';
import type { RequestContext } from '@binnacle/server-registry';
import { parseBody, type StoredObject } from '@binnacle/server-storage';
import { ExistingPods } from './existing-pods.js';

interface Asked {
  readonly namespace: string;
  readonly enforce: LevelVersion;
  /** Pods of these keep no standard. */
  readonly runtimeClasses: readonly string[];
}

function controllerOf({ metadata }: Pod): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
}

/**
 * What a new level would forbid of the Pods that are there: one of each controller is looked at first, since the others are most
 * likely like it. They are read one at a time, and other requests come in between.
 */
export async function warningsOf(
  ctx: RequestContext,
  asked: Asked,
  stored: readonly StoredObject[],
): Promise<string[]> {
  const existing = new ExistingPods(asked.namespace, asked.enforce, ctx.clock);
  const seen = new Set<string>();
  const alike: StoredObject[] = [];
  let exempt = 0;
  const first = (pod: Pod, object: StoredObject): void => {
    const controller = controllerOf(pod);
    if (asked.runtimeClasses.includes(pod.spec?.runtimeClassName ?? '')) exempt += 1;
    else if (controller !== undefined && seen.has(controller)) alike.push(object);
    else existing.look(pod);
    if (controller !== undefined) seen.add(controller);
  };
  await eachInTurn(ctx, existing, stored, first);
  await eachInTurn(ctx, existing, alike, (pod) => existing.look(pod));
  return existing.warnings(stored.length - exempt);
}

async function eachInTurn(
  ctx: RequestContext,
  existing: ExistingPods,
  stored: readonly StoredObject[],
  see: (pod: Pod, object: StoredObject) => void,
): Promise<void> {
  const pace = turns.begin(ctx);
  for (const object of stored) {
    if (!existing.goesOn) return;
    if (pace.isDue) await pace.rest();
    see(parseBody(object) as unknown as Pod, object);
  }
}
