import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import {
  allowsAccess,
  ANNOTATION_BIND_COMPLETED,
  ANNOTATION_BOUND_BY_CONTROLLER,
  ANNOTATION_SELECTED_NODE,
  classOf,
  fittingVolumes,
  hasAnnotation,
  hasAttributes,
  isBoundTo,
  isDelayed,
  isLargeEnough,
  isOfClass,
  isOfMode,
} from '@binnacle/control-scheduling';
import { ANNOTATION_BETA_STORAGE_CLASS } from '@binnacle/apis-kubernetes/well-known';

/** What there is when a claim is looked at. */
export interface ClaimView {
  readonly claim: PersistentVolumeClaim;
  readonly volumeNamed: (name: string) => PersistentVolume | undefined;
  /** Those among which a volume for the claim is, where there is one. */
  readonly candidates: () => readonly PersistentVolume[];
  readonly classNamed: (name: string) => StorageClass | undefined;
  /** The class of claims that name none. */
  readonly defaultClass: StorageClass | undefined;
  /** Names of Pods that use the claim and have no node yet. */
  readonly waitingPods: readonly string[];
}

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** One thing to be done about a claim, and what is told of it. */
export type ClaimPlan =
  | { readonly act: 'bind'; readonly volume: PersistentVolume }
  | { readonly act: 'classify'; readonly storageClassName: string }
  | { readonly act: 'provision'; readonly provisioner: string; readonly told: Told }
  | { readonly act: 'wait'; readonly told?: Told }
  | { readonly act: 'lose'; readonly told: Told }
  /** Nothing, not even of its phase. */
  | { readonly act: 'leave'; readonly told: Told };

const normal = (reason: string, message: string): Told => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Told => ({ type: 'Warning', reason, message });

/** Why the volume a claim asks for by name will not do; undefined where it will. */
function mismatch(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp) return `the volume is marked for deletion "${volume.metadata.name}"`;
  if (!isLargeEnough(volume, claim)) return 'requested PV is too small';
  if (!isOfClass(volume, claim)) return 'storageClassName does not match';
  if (!hasAttributes(volume, claim)) return 'volumeAttributesClassName does not match';
  if (!isOfMode(volume, claim)) return 'incompatible volumeMode';
  return allowsAccess(volume, claim) ? undefined : 'incompatible accessMode';
}

function planNamed(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimPlan {
  if (!volume) return { act: 'wait' };
  const { name } = volume.metadata;
  if (!volume.spec?.claimRef) {
    const why = mismatch(volume, claim);
    if (why === undefined) return { act: 'bind', volume };
    return { act: 'wait', told: warning('VolumeMismatch', `Cannot bind to requested volume "${name}": ${why}`) };
  }
  if (isBoundTo(volume, claim)) return { act: 'bind', volume };
  const told = warning('FailedBinding', `volume "${name}" already bound to a different claim.`);
  return hasAnnotation(claim, ANNOTATION_BOUND_BY_CONTROLLER) ? { act: 'leave', told } : { act: 'wait', told };
}

function waitsForPod(pods: readonly string[]): Told {
  if (pods.length === 0)
    return normal('WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  const which = pods.length > 1 ? `pods ${pods.join(',')}` : `pod ${pods[0]}`;
  return normal('WaitForPodScheduled', `waiting for ${which} to be scheduled`);
}

function planProvisioning({ claim, classNamed }: ClaimView): ClaimPlan {
  const name = classOf(claim);
  const storage = classNamed(name);
  const failed = (message: string): ClaimPlan => ({ act: 'leave', told: warning('ProvisioningFailed', message) });
  if (!storage) return failed(`storageclass.storage.k8s.io "${name}" not found`);
  const { provisioner } = storage;
  // Names of volume plugins that were once part of upstream's controller, and of what is made by hand.
  if (provisioner.startsWith('kubernetes.io/')) return failed(`no volume plugin matched name: ${provisioner}`);
  const waiting =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' ` +
    'or manually by the system administrator. If volume creation is delayed, please verify that ' +
    'the provisioner is running and correctly registered.';
  return { act: 'provision', provisioner, told: normal('ExternalProvisioning', waiting) };
}

const isClassless = (claim: PersistentVolumeClaim): boolean =>
  claim.spec?.storageClassName === undefined && !hasAnnotation(claim, ANNOTATION_BETA_STORAGE_CLASS);

/** There is no volume for it. */
function planWithout(view: ClaimView, delayed: boolean): ClaimPlan {
  const { claim, defaultClass, waitingPods } = view;
  if (isClassless(claim) && defaultClass)
    return { act: 'classify', storageClassName: defaultClass.metadata.name ?? '' };
  if (delayed && !hasAnnotation(claim, ANNOTATION_SELECTED_NODE))
    return { act: 'wait', told: waitsForPod(waitingPods) };
  if (classOf(claim) !== '') return planProvisioning(view);
  const nothing = 'no persistent volumes available for this claim and no storage class is set';
  return { act: 'wait', told: normal('FailedBinding', nothing) };
}

function planUnbound(view: ClaimView): ClaimPlan {
  const { claim, volumeNamed, candidates, classNamed } = view;
  const name = claim.spec?.volumeName;
  if (name) return planNamed(claim, volumeNamed(name));
  const delayed = isDelayed(classNamed(classOf(claim)));
  const [best] = fittingVolumes(claim, candidates());
  // Until a node is chosen, only a volume that names the claim will do.
  const volume = best && (!delayed || isBoundTo(best, claim)) ? best : undefined;
  return volume ? { act: 'bind', volume } : planWithout(view, delayed);
}

function planBound({ claim, volumeNamed }: ClaimView): ClaimPlan {
  const lost = (reason: string, message: string): ClaimPlan => ({ act: 'lose', told: warning(reason, message) });
  if (!claim.spec?.volumeName)
    return lost('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  const volume = volumeNamed(claim.spec.volumeName);
  if (!volume) return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  const reference = volume.spec?.claimRef;
  if (!reference || reference.uid === claim.metadata.uid) return { act: 'bind', volume };
  return lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

/** What is to be done about a claim. Behaves as kubernetes pkg/controller/volume/persistentvolume syncClaim. */
export function planClaim(view: ClaimView): ClaimPlan {
  return hasAnnotation(view.claim, ANNOTATION_BIND_COMPLETED) ? planBound(view) : planUnbound(view);
}
