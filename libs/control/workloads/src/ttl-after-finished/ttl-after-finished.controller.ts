import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { againAt, type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { ControllerDeps } from '../controller-deps.js';
import { expiresAt } from './plan.js';

/**
 * Deletes Jobs some time after they finished. The time comes from a copy; whether it still holds is asked of the server.
 * Behaves as kubernetes pkg/controller/ttlafterfinished.
 */
export function ttlAfterFinishedController({ client, informers }: ControllerDeps): Controller {
  const jobs = informers.for<Job>(refs.jobs);
  const jobClient = client.resource<Job>(refs.jobs);
  return createController({
    name: 'ttl-after-finished',
    reconciler: {
      reconcile: async (ctx, key) => {
        const now = ctx.clock.now();
        const expires = expiresAt(jobs.get(key));
        if (expires === undefined) return done;
        if (expires > now) return againAt(expires);
        const fresh = await ignoreNotFound(jobClient.get(ctx, splitKey(key)));
        const still = expiresAt(fresh);
        if (!fresh || still === undefined) return done;
        if (still > now) return againAt(still);
        const preconditions = { uid: fresh.metadata.uid };
        await ignoreNotFound(jobClient.delete(ctx, splitKey(key), { propagationPolicy: 'Foreground', preconditions }));
        return done;
      },
    },
    sources: [fromObjects(jobs)],
  });
}
