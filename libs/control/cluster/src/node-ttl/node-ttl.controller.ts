import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { nextStep, secondsOf } from './plan.js';

const ANNOTATION_OBJECT_TTL = 'node.alpha.kubernetes.io/ttl';

/** Says on every Node how long what it reads may be kept. Behaves as kubernetes pkg/controller/ttl. */
export function nodeTtlController({ client, informers }: ControllerDeps): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const nodeClient = client.resource<Node>(refs.nodes);
  let step = 0;
  return createController({
    name: 'ttl',
    reconciler: {
      reconcile: async (ctx, key) => {
        const node = nodes.get(key);
        step = nextStep(step, nodes.list().length);
        const seconds = secondsOf(step);
        if (!node || node.metadata.annotations?.[ANNOTATION_OBJECT_TTL] === seconds) return done;
        const metadata = { uid: node.metadata.uid, annotations: { [ANNOTATION_OBJECT_TTL]: seconds } };
        await ignoreNotFound(nodeClient.patch(ctx, { name: key }, 'strategic', { metadata }));
        return done;
      },
    },
    sources: [fromObjects(nodes)],
  });
}
