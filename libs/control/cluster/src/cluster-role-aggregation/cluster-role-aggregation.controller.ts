import type { ClusterRole } from '@binnacle/apis-kubernetes/rbac/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromChanges } from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { aggregatedRules } from './plan.js';

/** Fills the roles that are made of others. Whatever role changes, it may be a part of each of them. */
export function clusterRoleAggregationController({ client, informers }: ControllerDeps): Controller {
  const roles = informers.for<ClusterRole>(refs.clusterroles);
  const roleClient = client.resource<ClusterRole>(refs.clusterroles);
  const source = fromChanges(roles, (_, __, enqueue) => {
    for (const role of roles.list()) if (role.aggregationRule) enqueue(keyOf(role));
  });
  return createController({
    name: 'clusterrole-aggregation',
    reconciler: {
      reconcile: async (ctx, key) => {
        const role = roles.get(key);
        const rules = role && aggregatedRules(role, roles.list());
        if (!role || !rules) return done;
        const written = await roleClient.update(ctx, { ...role, rules });
        await roles.waitFor(ctx, written.metadata.resourceVersion ?? '0');
        return done;
      },
    },
    sources: [source],
  });
}
