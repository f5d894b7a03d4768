import { EXTENDED_CLAIM_ANNOTATION } from '@binnacle/apis-kubernetes/devices';
import type { AllocationResult, ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import type { Informer } from '@binnacle/client-informers';
import { DevicesInUse, type UsedDevices } from '../../devices/devices-in-use.js';
import { DevicePools } from '../../devices/pools.js';

const uidOf = ({ metadata }: ResourceClaim): string => metadata.uid ?? '';

/**
 * Which devices claims have: as watches tell, and ahead of it what was just decided, so that no two Pods are given one device.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/dynamicresources dra_manager.go.
 */
export class ClaimTracker {
  private readonly devices = new DevicesInUse();
  private readonly told = new Map<string, AllocationResult>();
  private readonly pending = new Map<string, AllocationResult>();
  private slices: DevicePools | undefined;

  constructor(
    private readonly claims: Pick<Informer<ResourceClaim>, 'addHandler' | 'addIndex' | 'byIndex'>,
    private readonly resourceSlices: Pick<Informer<ResourceSlice>, 'addHandler' | 'list'>,
  ) {
    claims.addIndex(EXTENDED_CLAIM_ANNOTATION, ownersOfExtended);
    claims.addHandler({
      added: (claim) => this.tell(uidOf(claim), claim.status?.allocation),
      updated: (claim) => this.tell(uidOf(claim), claim.status?.allocation),
      deleted: (claim) => this.tell(uidOf(claim), undefined),
    });
    const changed = () => {
      this.slices = undefined;
    };
    resourceSlices.addHandler({ added: changed, updated: changed, deleted: changed });
  }

  get used(): UsedDevices {
    return this.devices;
  }

  get pools(): DevicePools {
    this.slices ??= new DevicePools(this.resourceSlices.list());
    return this.slices;
  }

  /** Whether a claim is given devices that nobody else knows of yet. */
  isPending(uid: string): boolean {
    return this.pending.has(uid);
  }

  /** The claim that was made for a Pod's extended resources. */
  extendedClaimOf(podUid: string): ResourceClaim | undefined {
    return this.claims.byIndex(EXTENDED_CLAIM_ANNOTATION, podUid)[0];
  }

  /** Devices are a claim's from now on, until `release`, unless the watch tells the same. */
  reserve(uid: string, allocation: AllocationResult): void {
    this.pending.set(uid, allocation);
    this.count(uid);
  }

  release(uid: string): void {
    this.pending.delete(uid);
    this.count(uid);
  }

  private tell(uid: string, allocation: AllocationResult | undefined): void {
    if (allocation) this.told.set(uid, allocation);
    else this.told.delete(uid);
    this.count(uid);
  }

  private count(uid: string): void {
    const allocation = this.told.get(uid) ?? this.pending.get(uid);
    this.devices.set(uid, allocation && (allocation.devices?.results ?? []));
  }
}

function ownersOfExtended({ metadata }: ResourceClaim): string[] {
  if (metadata.annotations?.[EXTENDED_CLAIM_ANNOTATION] !== 'true') return [];
  return (metadata.ownerReferences ?? []).flatMap(({ controller, uid }) => (controller ? [uid] : []));
}
