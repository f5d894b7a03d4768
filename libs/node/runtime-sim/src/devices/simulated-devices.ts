import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type {
  AllocatedDeviceStatus,
  Device,
  DeviceRequestAllocationResult,
  ResourceClaim,
  ResourceSlice,
} from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createInformer, type Informer } from '@binnacle/client-informers';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import { type Context, formatTime, sleep } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { DeviceDriver, PreparedDevice } from '@binnacle/node-cri';
import { deviceEnvironment } from './device-environment.js';
import { planSlices } from './plan-slices.js';

export const SIMULATED_DRIVER = 'simulated.binnacle.dev';

const RETRY_MILLISECONDS = 2000;

export interface SimulatedDeviceOptions {
  readonly client: KubeClient;
  readonly node: string;
  /** The Node as it is; undefined while there is none. */
  readonly current: () => Node | undefined;
}

/** The driver of a simulated node's devices: tells what there is, and makes ready what claims were given. */
export class SimulatedDeviceDriver implements DeviceDriver {
  readonly name = SIMULATED_DRIVER;
  private readonly slices: ResourceClient<ResourceSlice>;
  private readonly claims: ResourceClient<ResourceClaim>;
  private readonly informer: Informer<ResourceSlice>;
  private devices: readonly Device[] = [];
  private following: Context | undefined;
  private watched = false;
  private publishing = false;
  private again = false;

  constructor(private readonly options: SimulatedDeviceOptions) {
    const { client, node } = options;
    this.slices = client.resource(refs.resourceslices);
    this.claims = client.resource(refs.resourceclaims);
    this.informer = createInformer(this.slices, { selection: { fieldSelector: `spec.nodeName=${node}` } });
    const changed = () => void this.publish();
    this.informer.addHandler({ added: changed, updated: changed, deleted: changed });
  }

  /** What the node has from now on. */
  set(devices: readonly Device[]): void {
    this.devices = devices;
    this.wake();
  }

  /** The Node has come, or is another of its name. */
  wake(): void {
    void this.publish();
  }

  /** Keeps the slices as they should be until the context aborts. May be called again then. */
  follow(ctx: Context): void {
    this.following = ctx;
    this.watched = false;
    ctx.signal.addEventListener('abort', () => {
      if (this.following === ctx) this.following = undefined;
    });
    this.wake();
  }

  async prepare(ctx: Context, claim: ResourceClaim): Promise<readonly PreparedDevice[]> {
    const own = (claim.status?.allocation?.devices?.results ?? []).filter(({ driver }) => driver === this.name);
    const missing = own.find((result) => !this.has(result));
    if (missing) throw new Error(`the node has no device ${missing.pool}/${missing.device}`);
    await this.tell(ctx, claim, own);
    return own.map((result) => ({ request: result.request, environment: deviceEnvironment(claim, result) }));
  }

  async unprepare(): Promise<void> {
    // What the driver said of a claim's devices goes with their allocation, and containers took their variables with them.
  }

  private has({ pool, device }: DeviceRequestAllocationResult): boolean {
    return pool === this.options.node && this.devices.some(({ name }) => name === device);
  }

  /** Says of each device that it is ready, as drivers do (status.devices). */
  private async tell(ctx: Context, claim: ResourceClaim, own: readonly DeviceRequestAllocationResult[]): Promise<void> {
    const time = formatTime(ctx.clock.now());
    const devices = own.map(
      ({ driver, pool, device, shareID }): AllocatedDeviceStatus => ({
        driver,
        pool,
        device,
        ...(shareID && { shareID }),
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Prepared',
            message: 'the device is simulated',
            lastTransitionTime: time,
          },
        ],
      }),
    );
    const { name = '', namespace, uid } = claim.metadata;
    const patch = { metadata: { uid }, status: { devices } };
    await this.claims.patch(ctx, { name, namespace }, 'strategic', patch, 'status');
  }

  /** One at a time: what changes meanwhile is looked at afterwards. */
  private async publish(): Promise<void> {
    this.again = true;
    if (this.publishing) return;
    this.publishing = true;
    while (this.again && this.following) {
      this.again = false;
      await this.tryToPublish(this.following);
    }
    this.publishing = false;
  }

  private async tryToPublish(ctx: Context): Promise<void> {
    try {
      const node = this.options.current();
      if (node) await this.write(ctx, node);
    } catch (error) {
      if (ctx.signal.aborted) return;
      ctx.logger.warn('the devices of the node cannot be told of', { error });
      await sleep(ctx, RETRY_MILLISECONDS).catch(() => undefined);
      this.again = true;
    }
  }

  private async write(ctx: Context, { metadata }: Node): Promise<void> {
    const { name = '', uid = '' } = metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid, controller: true };
    const plan = planSlices({ driver: this.name, node: name, owner }, await this.known(ctx), this.devices);
    const written: string[] = [];
    for (const slice of plan.update) written.push(versionOf(await this.slices.update(ctx, slice)));
    for (const slice of plan.create) written.push(versionOf(await this.slices.create(ctx, slice)));
    for (const { metadata: gone } of plan.remove)
      await ignoreNotFound(this.slices.delete(ctx, { name: gone.name ?? '' }));
    const last = written.at(-1);
    if (last && this.watched) await this.informer.waitFor(ctx, last);
  }

  /** Nodes without devices are not watched: what an earlier life left of them is looked for once. */
  private async known(ctx: Context): Promise<readonly ResourceSlice[]> {
    if (this.watched) return this.informer.list();
    if (this.devices.length === 0) {
      const { items } = await this.slices.list(ctx, { fieldSelector: `spec.nodeName=${this.options.node}` });
      return items;
    }
    this.watched = true;
    this.informer.run(ctx).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.error('the slices of the node are no longer watched', { error });
    });
    await this.informer.synced();
    return this.informer.list();
  }
}

const versionOf = ({ metadata }: ResourceSlice): string => metadata.resourceVersion ?? '0';
