import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromMapped, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { withFinalizer, withoutFinalizer } from '@binnacle/machinery-meta';
import { CLAIMS, claimKeysOf } from '../persistent-volumes/claim-pods.js';
import { CLAIM_FINALIZER, planProtection, usesClaim } from './protection-plan.js';

/** Keeps claims that Pods use. Behaves as kubernetes pkg/controller/volume/pvcprotection. */
export function claimProtectionController({ client, informers }: ControllerDeps): Controller {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const claimClient = client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(CLAIMS, claimKeysOf);
  const write = async (ctx: Context, claim: PersistentVolumeClaim, finalizers: string[]) => {
    const written = await claimClient.update(ctx, { ...claim, metadata: { ...claim.metadata, finalizers } });
    return written.metadata.resourceVersion ?? '0';
  };
  /** A copy of the Pods may lag behind: before a claim is let go the server is asked. */
  const isUsedNow = async (ctx: Context, claim: PersistentVolumeClaim) => {
    const { namespace } = claim.metadata;
    const { items } = await client.resource<Pod>(refs.pods).list(ctx, namespace === undefined ? {} : { namespace });
    return items.some((pod) => usesClaim(pod, claim));
  };
  return createController({
    name: 'persistentvolumeclaim-protection',
    reconciler: {
      async reconcile(ctx, key) {
        const claim = claims.get(key);
        if (!claim) return done;
        const isUsed = () => pods.byIndex(CLAIMS, key).some((pod) => usesClaim(pod, claim));
        const plan = planProtection(claim, CLAIM_FINALIZER, isUsed);
        const { finalizers } = claim.metadata;
        if (plan === 'add')
          await claims.waitFor(ctx, await write(ctx, claim, withFinalizer(finalizers, CLAIM_FINALIZER)));
        else if (plan === 'remove' && !(await isUsedNow(ctx, claim))) {
          await write(ctx, claim, withoutFinalizer(finalizers, CLAIM_FINALIZER));
        }
        return done;
      },
    },
    sources: [fromObjects(claims), fromMapped(pods, claimKeysOf)],
  });
}
