import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { againAt, type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { ignoreNotFound, isConflict } from '@binnacle/machinery-meta';
import { BOOTSTRAP_NAMESPACE, BOOTSTRAP_TOKEN_TYPE, bootstrapTokenEnds } from './bootstrap-token.js';

/** Deletes tokens for joining the cluster that have ended. Behaves as kubernetes pkg/controller/bootstrap TokenCleaner. */
export function tokenCleanerController({ client, informers }: ControllerDeps): Controller {
  const secretClient = client.resource<Secret>(refs.secrets);
  const secrets = informers.for<Secret>(refs.secrets, {
    selection: { namespace: BOOTSTRAP_NAMESPACE, fieldSelector: `type=${BOOTSTRAP_TOKEN_TYPE}` },
  });
  return createController({
    name: 'token-cleaner',
    reconciler: {
      reconcile: async (ctx, key) => {
        const secret = secrets.get(key);
        const ends = secret && bootstrapTokenEnds(secret);
        if (!secret || ends === undefined) return done;
        if (ends > ctx.clock.now()) return againAt(ends);
        const { uid, resourceVersion } = secret.metadata;
        const deleting = secretClient.delete(ctx, splitKey(key), { preconditions: { uid, resourceVersion } });
        await ignoreNotFound(deleting).catch((error: unknown) => {
          // It was given more time meanwhile, and an event of that follows.
          if (!isConflict(error)) throw error;
        });
        return done;
      },
    },
    sources: [fromObjects(secrets)],
  });
}
