import type { IPAddress, ServiceCIDR } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  done,
  fromChanges,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import { keyOf, type Lister } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { isGoing, planServiceCidr, PROTECTION, type RangePlan } from './plan.js';

/** Addresses that Services hold; who made others by hand looks after them. */
const HELD = { labelSelector: 'ipaddress.kubernetes.io/managed-by=ipallocator.k8s.io' };

interface ServiceCidrOptions {
  readonly ranges: Lister<ServiceCIDR>;
  readonly client: ResourceClient<ServiceCIDR>;
  readonly addresses: ResourceClient<IPAddress>;
}

class ServiceCidrReconciler implements Reconciler {
  constructor(private readonly options: ServiceCidrOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { ranges } = this.options;
    const range = ranges.get(key);
    if (!range) return done;
    const addresses = isGoing(range) ? await this.held(ctx) : [];
    const plan = planServiceCidr(range, ranges.list(), addresses, ctx.clock.now());
    await this.carryOut(ctx, range, plan);
    return plan.again === undefined ? done : againAt(plan.again);
  }

  /** Asked for only while a range is going, which is seldom: nobody need follow them for that. */
  private async held(ctx: Context): Promise<readonly IPAddress[]> {
    return (await this.options.addresses.list(ctx, HELD)).items ?? [];
  }

  private async carryOut(ctx: Context, { metadata }: ServiceCIDR, { finalizer, condition }: RangePlan): Promise<void> {
    const { client } = this.options;
    const place = { name: metadata.name ?? '' };
    if (finalizer) {
      const verb = finalizer === 'add' ? 'finalizers' : '$deleteFromPrimitiveList/finalizers';
      const patch = { metadata: { uid: metadata.uid, [verb]: [PROTECTION] } };
      await ignoreNotFound(client.patch(ctx, place, 'strategic', patch));
    }
    if (!condition) return;
    const patch = { metadata: { uid: metadata.uid }, status: { conditions: [condition] } };
    await ignoreNotFound(client.patch(ctx, place, 'strategic', patch, 'status'));
  }
}

/** Says of ServiceCIDRs whether Services may have addresses of them, and keeps those of which some have. */
export function serviceCidrController(_ctx: Context, { client, informers }: ControllerDeps): Controller {
  const ranges = informers.for<ServiceCIDR>(refs.servicecidrs);
  const source = fromChanges<ServiceCIDR>(ranges, (range, _old, enqueue) => {
    enqueue(keyOf(range));
    // Another range may hold what one that is going was kept for.
    for (const other of ranges.list().filter(isGoing)) enqueue(keyOf(other));
  });
  return createController({
    name: 'service-cidr',
    reconciler: new ServiceCidrReconciler({
      ranges,
      client: client.resource<ServiceCIDR>(refs.servicecidrs),
      addresses: client.resource<IPAddress>(refs.ipaddresses),
    }),
    sources: [source],
  });
}
