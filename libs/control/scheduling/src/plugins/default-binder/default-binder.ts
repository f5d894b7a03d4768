import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClient } from '@binnacle/client-rest';
import type { BindPlugin } from '../../framework/plugin.js';

/** Writes the decision to the API server. */
export function defaultBinder(pods: Pick<ResourceClient<Pod>, 'createSubresource'>): BindPlugin {
  return {
    name: 'DefaultBinder',
    async bind(ctx, { name, namespace, uid }, node) {
      await pods.createSubresource(ctx, { name, namespace }, 'binding', {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { kind: 'Node', name: node },
      });
      return true;
    },
  };
}
