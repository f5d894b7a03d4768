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
  fromChanges,
  fromMapped,
  fromObjects,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import { hasAnnotation, ANNOTATION_BIND_COMPLETED } from '@binnacle/control-scheduling';
import { type ControllerDeps, isPodTerminal } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { Binder } from './binder.js';
import { type ClaimPlan, type ClaimView, planClaim } from './claim-plan.js';
import { CLAIMS, claimKeysOf } from './claim-pods.js';
import { defaultClassOf } from './default-class.js';

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
      volumes: volumes.list(),
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

/** A volume wakes the claims that are its own or may become so. */
function fromVolumes(volumes: SharedInformer<PersistentVolume>, claims: Lister<PersistentVolumeClaim>): Source {
  return fromChanges(volumes, ({ metadata, spec }, old, enqueue) => {
    const reference = spec?.claimRef ?? old?.spec?.claimRef;
    if (reference) enqueue(`${reference.namespace}/${reference.name}`);
    for (const claim of claims.list()) {
      const own = claim.spec?.volumeName === metadata.name;
      if (own || (!reference && !hasAnnotation(claim, ANNOTATION_BIND_COMPLETED))) enqueue(keyOf(claim));
    }
  });
}

/** A class may be what claims wait for. */
function fromClasses(classes: SharedInformer<StorageClass>, claims: Lister<PersistentVolumeClaim>): Source {
  return fromMapped(classes, () =>
    claims
      .list()
      .filter((claim) => !hasAnnotation(claim, ANNOTATION_BIND_COMPLETED))
      .map(keyOf),
  );
}

/** Binds claims to volumes, or asks for volumes to be made. */
export function claimBinderController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const claims = informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const volumes = informers.for<PersistentVolume>(refs.persistentvolumes);
  const classes = informers.for<StorageClass>(refs.storageclasses);
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(CLAIMS, claimKeysOf);
  const binder = new Binder({
    volumes,
    volumeClient: client.resource<PersistentVolume>(refs.persistentvolumes),
    claims,
    claimClient: client.resource<PersistentVolumeClaim>(refs.persistentvolumeclaims),
  });
  const recorder = createEventRecorder(ctx, client, { component: 'persistentvolume-controller' });
  return createController({
    name: 'persistentvolume-binder',
    reconciler: new ClaimBinder({ claims, volumes, classes, pods, binder, recorder }),
    sources: [fromObjects(claims), fromVolumes(volumes, claims), fromClasses(classes, claims)],
    synced: [pods],
    // That a claim waits is told again when something else moves.
    wakes: false,
  });
}
