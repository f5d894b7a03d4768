import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import type { LoadBalancers } from '../provider/cloud-provider.js';
import { fromCloud } from '../provider/from-cloud.js';
import { type CloudInstruments, silentInstruments } from '../provider/instruments.js';
import { type HandlesClass, hasFinalizer, wantsLoadBalancer } from './needs.js';
import { concernsLoadBalancers } from './node-set.js';
import { isNews } from './plan.js';
import { ServiceReconciler } from './service.reconciler.js';
import { ServiceWriter } from './service-writer.js';

/** The Services whose load balancers lead to nodes. */
const BALANCED = 'balanced';
/** Upstream's minRetryDelay and maxRetryDelay. */
const RETRY = { firstRetry: 5_000, longestRetry: 300_000 };

export interface ServiceControllerOptions {
  readonly balancers: LoadBalancers;
  /** Only those that name no class unless it is said. */
  readonly handles?: HandlesClass;
  readonly instruments?: CloudInstruments;
}

/** What this controller writes itself wakes it no sooner than its back-off. */
function fromServices(services: SharedInformer<Service>, handles: HandlesClass): Source {
  const concerns = (service: Service) => wantsLoadBalancer(service, handles) || hasFinalizer(service);
  return fromChanges(services, (service, old, enqueue) => {
    if (old ? isNews(old, service, handles) : concerns(service)) enqueue(keyOf(service));
  });
}

/** Whatever concerns one concerns all: each is looked at for whether its nodes are others now. */
function fromNodes(nodes: SharedInformer<Node>, services: SharedInformer<Service>): Source {
  return fromChanges(nodes, (node, old, enqueue) => {
    if (old && !concernsLoadBalancers(old, node)) return;
    for (const service of services.byIndex(BALANCED, BALANCED)) enqueue(keyOf(service));
  });
}

/** Gives Services of type LoadBalancer what their cloud has for them. Models k8s.io/cloud-provider controllers/service New. */
export function serviceController(
  ctx: Context,
  { client, informers }: ControllerDeps,
  { balancers, handles = (name) => name === undefined, instruments = silentInstruments }: ServiceControllerOptions,
): Controller {
  const services = informers.for<Service>(refs.services);
  const nodes = informers.for<Node>(refs.nodes);
  services.addIndex(BALANCED, (service) => (wantsLoadBalancer(service, handles) ? [BALANCED] : []));
  const reconciler = new ServiceReconciler({
    services,
    nodes,
    balancers,
    writer: new ServiceWriter(client.resource<Service>(refs.services), services),
    recorder: createEventRecorder(ctx, client, { component: 'service-controller' }),
    handles,
    instruments,
  });
  return createController({
    name: 'service',
    reconciler,
    sources: [
      fromServices(services, handles),
      fromNodes(nodes, services),
      fromCloud(balancers, (key) => reconciler.doubt(key)),
    ],
    retry: RETRY,
  });
}
