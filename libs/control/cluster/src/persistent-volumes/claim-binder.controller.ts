import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromMapped,
  fromObjects,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import { candidatesFor, claimKeyOf, classOf, fittingVolumes, isAvailable } from '@binnacle/control-scheduling';
import { type ControllerDeps, isPodTerminal } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { Binder } from './binder.js';
import { type ClaimPlan, type ClaimView, planClaim } from './claim-plan.js';
import { CLAIMS, claimKeysOf } from './claim-pods.js';
import { claimsAndVolumes, claimsNaming, claimsWaiting } from './claims-and-volumes.js';
import { defaultClassOf, isDefaultClass } from './default-class.js';

/** Who waits for a volume or a provisioner is told of it again now and then, as upstream's resync does. */
const AGAIN_MILLISECONDS = 15_000;

interface ClaimBinderOptions {
  readonly claims: SharedInformer<PersistentVolumeClaim>;
  readonly volumes: Lister<PersistentVolume>;
  readonly classes: Lister<StorageClass>;
  readonly pods: Lister<Pod>;
  readonly binder: Binder;
  readonly recorder: EventRecorder;
}

class ClaimBinder implements Reconciler {
  constructor(private readonly options: ClaimBinderOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { claims, recorder } = this.options;
    const claim = claims.get(key);
    if (!claim) return done;
    const plan = planClaim(this.look(key, claim));
    if ('told' in plan && plan.told && (plan.act !== 'lose' || claim.status?.phase !== 'Lost')) {
      recorder.event(claim, plan.told.type, plan.told.reason, plan.told.message);
    }
    await this.carryOut(ctx, claim, plan);
    return plan.act === 'wait' || plan.act === 'leave' || plan.act === 'provision'
      ? againAt(ctx.clock.now() + AGAIN_MILLISECONDS)
      : done;
  }

  private look(key: string, claim: PersistentVolumeClaim): ClaimView {
    const { volumes, classes, pods } = this.options;
    const waiting = pods.byIndex(CLAIMS, key).filter((pod) => !isPodTerminal(pod) && !pod.spec?.nodeName);
    return {
      claim,
      volumeNamed: (name) => volumes.get(name),
      candidates: () => candidatesFor(volumes, claim),
      classNamed: (name) => classes.get(name),
      defaultClass: defaultClassOf(classes.list()),
      waitingPods: waiting.map(({ metadata }) => metadata.name ?? ''),
    };
  }

  private async carryOut(ctx: Context, claim: PersistentVolumeClaim, plan: ClaimPlan): Promise<void> {
    const { binder } = this.options;
    if (plan.act === 'bind') await binder.bind(ctx, plan.volume, claim);
    else if (plan.act === 'classify') await binder.classify(ctx, claim, plan.storageClassName);
    else if (plan.act === 'provision') await binder.askFor(ctx, claim, plan.provisioner);
    else if (plan.act !== 'leave') await binder.unclaimed(ctx, claim, plan.act === 'lose' ? 'Lost' : 'Pending');
  }
}

/** A volume wakes the claims that are its own, and while it is free those that it fits. */
function keysToWake(claims: Lister<PersistentVolumeClaim>, volume: PersistentVolume): string[] {
  const { name = '' } = volume.metadata;
  const waiting = isAvailable(volume) ? claimsWaiting(claims, classOf(volume)) : [];
  const fitting = waiting.filter((claim) => fittingVolumes(claim, [volume]).length > 0);
  const named = claimKeyOf(volume);
  return [...(named === undefined ? [] : [named]), ...[...claimsNaming(claims, name), ...fitting].map(keyOf)];
}

/** A class may be what claims wait for: those that name it, and where it is a default one those that name none. */
function waitingFor(claims: Lister<PersistentVolumeClaim>, storage: StorageClass): string[] {
  const names = [storage.metadata.name ?? '', ...(isDefaultClass(storage) ? [''] : [])];
  return names.flatMap((name) => claimsWaiting(claims, name)).map(keyOf);
}

/** Binds claims to volumes, or asks for volumes to be made. */
export function claimBinderController(ctx: Context, deps: ControllerDeps): Controller {
  const { client, informers } = deps;
  const storage = claimsAndVolumes(deps);
  const { claims, volumes } = storage;
  const classes = informers.for<StorageClass>(refs.storageclasses);
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(CLAIMS, claimKeysOf);
  const binder = new Binder(storage);
  const recorder = createEventRecorder(ctx, client, { component: 'persistentvolume-controller' });
  return createController({
    name: 'persistentvolume-binder',
    reconciler: new ClaimBinder({ claims, volumes, classes, pods, binder, recorder }),
    sources: [
      fromObjects(claims),
      fromMapped(volumes, (volume) => keysToWake(claims, volume)),
      fromMapped(classes, (each) => waitingFor(claims, each)),
    ],
    synced: [pods],
    // That a claim waits is told again when something else moves.
    wakes: false,
  });
}
