import type { Node, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
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
import { keyOf, type Lister } from '@binnacle/client-informers';
import { ANNOTATION_SELECTED_NODE } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists } from '@binnacle/machinery-meta';
import { type ClaimsAndVolumes, claimsAndVolumes, claimsWaiting } from '../persistent-volumes/claims-and-volumes.js';
import { planProvisioning } from './provision-plan.js';
import { type Order, volumeFor, volumeNameFor } from './provisioners.js';

interface ProvisionerOptions extends ClaimsAndVolumes {
  readonly classes: Lister<StorageClass>;
  readonly nodes: Lister<Node>;
  readonly recorder: EventRecorder;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class Provisioner implements Reconciler {
  constructor(private readonly options: ProvisionerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { claims, classes, volumes, nodes } = this.options;
    const claim = claims.get(key);
    if (!claim) return done;
    const plan = planProvisioning({
      claim,
      classNamed: (name) => classes.get(name),
      volumeNamed: (name) => volumes.get(name),
      nodeNamed: (name) => nodes.get(name),
    });
    if (plan.act === 'make') await this.make(ctx, plan.order);
    else if (plan.act === 'reschedule') await this.reschedule(ctx, claim, `node "${plan.node}" not found`);
    return done;
  }

  private async make(ctx: Context, order: Order): Promise<void> {
    const { volumes, volumeClient, recorder } = this.options;
    const { claim, storage } = order;
    const about = `External provisioner is provisioning volume for claim "${keyOf(claim)}"`;
    recorder.event(claim, 'Normal', 'Provisioning', about);
    try {
      const made = await volumeClient.create(ctx, volumeFor(order));
      await volumes.waitFor(ctx, made.metadata.resourceVersion ?? '0');
    } catch (error) {
      // An earlier attempt, whose answer was lost, made it.
      if (isAlreadyExists(error)) return;
      const why = `failed to provision volume with StorageClass "${storage.metadata.name}": ${text(error)}`;
      if (order.node) await this.reschedule(ctx, claim, why);
      else recorder.event(claim, 'Warning', 'ProvisioningFailed', why);
      throw error;
    }
    const message = `Successfully provisioned volume ${volumeNameFor(claim)}`;
    recorder.event(claim, 'Normal', 'ProvisioningSucceeded', message);
  }

  /** Takes the choice of the node back, so that another may be chosen. */
  private async reschedule(ctx: Context, claim: PersistentVolumeClaim, why: string): Promise<void> {
    this.options.recorder.event(claim, 'Warning', 'ProvisioningFailed', why);
    const { name = '', namespace, uid } = claim.metadata;
    const annotations = { [ANNOTATION_SELECTED_NODE]: null };
    await this.options.claimClient.patch(ctx, { name, namespace }, 'merge', { metadata: { uid, annotations } });
  }
}

/** Makes the volumes of our own classes. */
export function provisionerController(ctx: Context, deps: ControllerDeps): Controller {
  const storage = claimsAndVolumes(deps);
  const { claims, volumes } = storage;
  const classes = deps.informers.for<StorageClass>(refs.storageclasses);
  const nodes = deps.informers.for<Node>(refs.nodes);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'binnacle.dev/provisioner' });
  const waitingFor = ({ metadata }: StorageClass) => claimsWaiting(claims, metadata.name ?? '').map(keyOf);
  return createController({
    name: 'volume-provisioner',
    reconciler: new Provisioner({ ...storage, classes, nodes, recorder }),
    sources: [fromObjects(claims), fromMapped(classes, waitingFor)],
    synced: [volumes, nodes],
  });
}
