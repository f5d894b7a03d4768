import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { againAt, type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { expiresAt } from './plan.js';

/** Deletes requests for certificates that have served their turn. */
export function csrCleanerController({ client, informers }: ControllerDeps): Controller {
  const requests = informers.for<CertificateSigningRequest>(refs.certificatesigningrequests);
  const requestClient = client.resource<CertificateSigningRequest>(refs.certificatesigningrequests);
  return createController({
    name: 'certificatesigningrequest-cleaner',
    reconciler: {
      reconcile: async (ctx, key) => {
        const request = requests.get(key);
        const expires = request && expiresAt(request);
        if (!request || expires === undefined) return done;
        if (expires >= ctx.clock.now()) return againAt(expires + 1);
        const { uid, resourceVersion } = request.metadata;
        await ignoreNotFound(requestClient.delete(ctx, splitKey(key), { preconditions: { uid, resourceVersion } }));
        return done;
      },
    },
    sources: [fromObjects(requests)],
    wakes: false,
  });
}
