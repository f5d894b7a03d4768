import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/client-rest';
import { namespace } from './objects.js';
import { type Act, MINUTE, type Stage } from './stage.js';
import { one, teams } from './workload-acts.js';

const POLICIES = ['Foreground', 'Background'] as const;
const WITH_APP = [refs.services, refs.poddisruptionbudgets, refs.horizontalpodautoscalers];

/** A workload, and what stands beside it under its name. */
async function remove(stage: Stage, ref: ResourceRef): Promise<boolean> {
  const found = one(stage, ref);
  if (!found) return false;
  await stage.delete(found, ref, { propagationPolicy: stage.random.pick(POLICIES) });
  for (const beside of WITH_APP)
    if (stage.cluster.view.get(beside, found.metadata.name ?? '', found.metadata.namespace))
      await stage.delete(found, beside);
  return true;
}

/** Its ReplicaSets are left alone, and go later. */
async function orphan(stage: Stage): Promise<boolean> {
  const found = one<Deployment>(stage, refs.deployments);
  if (!found) return false;
  await stage.delete(found, refs.deployments, { propagationPolicy: 'Orphan' });
  stage.later(stage.between(2, 15) * MINUTE, async () => {
    const { name, namespace: at } = found.metadata;
    await stage.trying('delete orphans', () =>
      stage.cluster.client
        .resource(refs.replicasets)
        .deleteCollection(
          stage.cluster.ctx,
          { namespace: at, labelSelector: `app=${name}` },
          { propagationPolicy: 'Background' },
        ),
    );
  });
  return true;
}

async function removeNamespace(stage: Stage): Promise<boolean> {
  const all = teams(stage);
  if (all.length < 3) return false;
  await stage.delete(namespace(stage.random.pick(all)), refs.namespaces);
  return true;
}

export const removalActs: readonly Act[] = [
  { name: 'delete Deployment', weight: 5, play: (stage) => remove(stage, refs.deployments) },
  { name: 'delete StatefulSet', weight: 2, play: (stage) => remove(stage, refs.statefulsets) },
  { name: 'delete DaemonSet', weight: 1, play: (stage) => remove(stage, refs.daemonsets) },
  { name: 'delete Job', weight: 1, play: (stage) => remove(stage, refs.jobs) },
  { name: 'orphan', weight: 1, play: orphan },
  { name: 'delete namespace', weight: 2, play: removeNamespace },
];
