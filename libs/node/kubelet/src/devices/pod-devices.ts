import type { Container, Pod, PodResourceClaim } from '@binnacle/apis-kubernetes/core/v1';
import { baseRequest, isReservedForPod, podClaimName, whyNotForPod } from '@binnacle/apis-kubernetes/devices';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { Context } from '@binnacle/machinery-context';
import type { DeviceDriver, PreparedDevice } from '@binnacle/node-cri';
import { podName, podNamespace, podUid } from '../pod/identity.js';

/** Reads a claim from the API server. Rejects where it is not there. */
export type ReadClaim = (ctx: Context, namespace: string, name: string) => Promise<ResourceClaim>;

/** A claim that is made ready, and for which Pods. */
interface ReadyClaim {
  readonly uid: string;
  readonly pods: Set<string>;
  devices: readonly PreparedDevice[];
}

/** The claims a Pod names, and the one that was made for its extended resources, under no name. */
function claimsOf(pod: Pod): PodResourceClaim[] {
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName;
  const named = pod.spec?.resourceClaims ?? [];
  return extended ? [...named, { name: '', resourceClaimName: extended }] : named;
}

const driversOf = ({ status }: ResourceClaim): string[] => [
  ...new Set((status?.allocation?.devices?.results ?? []).map(({ driver }) => driver)),
];

/** Which requests of which claim of its Pod a container uses; without a request all of them. */
function usesOf(pod: Pod, { name, resources }: Container): Array<{ claim: string; request?: string }> {
  const extended = pod.status?.extendedResourceClaimStatus?.requestMappings ?? [];
  const mapped = extended.filter(({ containerName }) => containerName === name);
  const named = (resources?.claims ?? []).map(({ name: claim, request }) => ({ claim, ...(request && { request }) }));
  return [...named, ...mapped.map(({ requestName }) => ({ claim: '', request: requestName }))];
}

/** Makes the devices of a node's Pods ready. Behaves as kubernetes pkg/kubelet/cm/dra. */
export class PodDevices {
  private readonly drivers: ReadonlyMap<string, DeviceDriver>;
  private readonly ready = new Map<string, ReadyClaim>();

  constructor(
    drivers: readonly DeviceDriver[],
    private readonly read: ReadClaim,
  ) {
    this.drivers = new Map(drivers.map((driver) => [driver.name, driver]));
  }

  /** Rejects while something the Pod's claims need is missing: then none of its containers starts. */
  async prepare(ctx: Context, pod: Pod): Promise<void> {
    try {
      const claims = await Promise.all(claimsOf(pod).map((wanted) => this.usable(ctx, pod, wanted)));
      for (const claim of claims) if (claim) await this.makeReady(ctx, pod, claim);
    } catch (error) {
      throw new Error(`prepare dynamic resources: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** What a container's devices tell it. */
  environment(pod: Pod, container: Container): Record<string, string> {
    const devices = usesOf(pod, container).flatMap(({ claim, request }) => {
      const all = this.devicesOf(pod, claim);
      return request === undefined ? all : all.filter((device) => baseRequest(device.request) === request);
    });
    return Object.assign({}, ...devices.map(({ environment }) => environment)) as Record<string, string>;
  }

  /** The Pod's containers have ended. */
  async release(ctx: Context, pod: Pod): Promise<void> {
    for (const [key, claim] of this.ready) {
      if (!claim.pods.delete(podUid(pod)) || claim.pods.size > 0) continue;
      this.ready.delete(key);
      for (const driver of this.drivers.values()) await driver.unprepare(ctx, claim.uid);
    }
  }

  private devicesOf(pod: Pod, claim: string): readonly PreparedDevice[] {
    const wanted = claimsOf(pod).find(({ name }) => name === claim);
    const found = wanted && podClaimName(pod, wanted);
    return found?.kind === 'named' ? (this.ready.get(keyOf(pod, found.name))?.devices ?? []) : [];
  }

  private async usable(ctx: Context, pod: Pod, wanted: PodResourceClaim): Promise<ResourceClaim | undefined> {
    const found = podClaimName(pod, wanted);
    if (found.kind === 'missing') throw new Error(found.message);
    if (found.kind === 'none') return undefined;
    const claim = await this.read(ctx, podNamespace(pod), found.name).catch((error: unknown) => {
      throw new Error(`fetch ResourceClaim ${found.name}: ${error instanceof Error ? error.message : String(error)}`);
    });
    const foreign = found.generated ? whyNotForPod(pod, claim) : undefined;
    if (foreign) throw new Error(foreign);
    if (!isReservedForPod(claim, pod)) {
      const which = `${found.name} (${claim.metadata.uid})`;
      throw new Error(`pod ${podName(pod)} (${podUid(pod)}) is not allowed to use ResourceClaim ${which}`);
    }
    this.requireDrivers(claim);
    return claim;
  }

  private requireDrivers(claim: ResourceClaim): void {
    const { name } = claim.metadata;
    if (!claim.status?.allocation) throw new Error(`ResourceClaim ${name}: not allocated`);
    const missing = driversOf(claim).find((driver) => !this.drivers.has(driver));
    if (missing) throw new Error(`DRA driver ${missing} is not registered`);
  }

  private async makeReady(ctx: Context, pod: Pod, claim: ResourceClaim): Promise<void> {
    const { name = '', uid = '' } = claim.metadata;
    const key = keyOf(pod, name);
    const known = this.ready.get(key);
    if (known && known.uid !== uid) {
      const which = `ResourceClaim with same name ${name} and different UID ${known.uid}`;
      throw new Error(`old ${which} still exists (previous pod force-deleted?!)`);
    }
    const ready = known ?? { uid, pods: new Set<string>(), devices: [] };
    this.ready.set(key, ready);
    ready.pods.add(podUid(pod));
    if (!known) ready.devices = await this.prepared(ctx, claim).catch((error: unknown) => this.forget(key, error));
  }

  private forget(key: string, error: unknown): never {
    this.ready.delete(key);
    throw error;
  }

  private async prepared(ctx: Context, claim: ResourceClaim): Promise<PreparedDevice[]> {
    const devices: PreparedDevice[] = [];
    for (const name of driversOf(claim)) devices.push(...((await this.drivers.get(name)?.prepare(ctx, claim)) ?? []));
    return devices;
  }
}

const keyOf = (pod: Pod, name: string): string => `${podNamespace(pod)}/${name}`;
