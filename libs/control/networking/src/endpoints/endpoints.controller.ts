import type { Endpoints, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  done,
  fromChanges,
  fromObjects,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import { fromServicePods } from '../services/sources.js';
import { TriggerTimes, withTriggerTime } from '../services/trigger-times.js';
import { isManaged, planEndpoints } from './plan.js';

/** All addresses of a Service are one object here, large and read by few: written less often than slices. */
const GATHER_MILLISECONDS = 200;

interface EndpointsReconcilerOptions {
  readonly services: Lister<Service>;
  readonly pods: Lister<Pod>;
  readonly endpoints: SharedInformer<Endpoints>;
  readonly client: ResourceClient<Endpoints>;
}

class EndpointsReconciler implements Reconciler {
  private readonly triggers = new TriggerTimes();

  constructor(private readonly options: EndpointsReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { services, pods, endpoints } = this.options;
    const service = services.get(key);
    if (!service) {
      this.triggers.forget(key);
      await this.remove(ctx, key);
      return done;
    }
    if (!service.spec?.selector || service.spec.type === 'ExternalName') return done;
    const matcher = matcherFromSet(service.spec.selector);
    const chosen = pods.list(service.metadata.namespace).filter(({ metadata }) => matcher.matches(metadata.labels));
    const existing = endpoints.get(key);
    const trigger = this.triggers.of(service, chosen);
    const next = planEndpoints(service, chosen, existing);
    if (next) await this.write(ctx, withTriggerTime(next, trigger), existing);
    return done;
  }

  private async write(ctx: Context, next: Endpoints, existing: Endpoints | undefined): Promise<void> {
    const { client, endpoints } = this.options;
    const written = existing ? await client.update(ctx, next) : await client.create(ctx, next);
    await endpoints.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  /** Endpoints have no owner reference: they go by hand when their Service goes. */
  private async remove(ctx: Context, key: string): Promise<void> {
    if (!this.options.endpoints.get(key)) return;
    await this.options.client.delete(ctx, splitKey(key)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

/**
 * Endpoints that somebody deleted are made again, and ours whose Service went while nobody watched are removed. Others are
 * not touched: who makes Endpoints by hand may make them before their Service.
 */
function fromEndpoints(endpoints: SharedInformer<Endpoints>, services: Lister<Service>): Source {
  return fromChanges(endpoints, (object, old, enqueue, deleted) => {
    const isLeftOver = !old && isManaged(object) && !services.get(keyOf(object));
    if (deleted || isLeftOver) enqueue(keyOf(object));
  });
}

export function endpointsController(_ctx: Context, { client, informers }: ControllerDeps): Controller {
  const services = informers.for<Service>(refs.services);
  const pods = informers.for<Pod>(refs.pods);
  const endpoints = informers.for<Endpoints>(refs.endpoints);
  const endpointsClient = client.resource<Endpoints>(refs.endpoints);
  return createController({
    name: 'endpoints',
    reconciler: new EndpointsReconciler({ services, pods, endpoints, client: endpointsClient }),
    sources: [
      fromObjects(services),
      fromServicePods(pods, services, GATHER_MILLISECONDS),
      fromEndpoints(endpoints, services),
    ],
  });
}
