import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  fromMapped,
  fromObjects,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { semanticEqual } from '@binnacle/machinery-validation';
import { fromServicePods } from '../services/sources.js';
import { SliceWriter } from '../slices/slice-writer.js';
import { EndpointSliceReconciler, SLICES_OF_SERVICE } from './endpoint-slice.reconciler.js';
import { MANAGED_BY_LABEL, MANAGER } from './slice-metadata.js';
import { TopologyEvents } from './topology-events.js';
import { topologyOf, wantsTopologyHints } from './zone-shares.js';

/** The Service of a slice that this controller keeps. */
function serviceKey({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[LABEL_SERVICE_NAME];
  return name && metadata.labels?.[MANAGED_BY_LABEL] === MANAGER ? [`${metadata.namespace}/${name}`] : [];
}

/** The Services whose endpoints zones share, whenever zones change. */
function fromTopology(nodes: SharedInformer<Node>, services: Lister<Service>): Source {
  return fromChanges(nodes, (node, old, enqueue, deleted) => {
    if (old && !deleted && semanticEqual(topologyOf(node), topologyOf(old))) return;
    for (const service of services.list()) if (wantsTopologyHints(service)) enqueue(keyOf(service));
  });
}

export function endpointSliceController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const services = informers.for<Service>(refs.services);
  const pods = informers.for<Pod>(refs.pods);
  const nodes = informers.for<Node>(refs.nodes);
  const slices = informers.for<EndpointSlice>(refs.endpointslices);
  slices.addIndex(SLICES_OF_SERVICE, serviceKey);
  const writer = new SliceWriter(client.resource<EndpointSlice>(refs.endpointslices), slices);
  const recorder = createEventRecorder(ctx, client, { component: 'endpoint-slice-controller' });
  const topology = new TopologyEvents(recorder);
  return createController({
    name: 'endpointslice',
    reconciler: new EndpointSliceReconciler({ services, pods, nodes, slices, writer, topology }),
    sources: [
      fromObjects(services),
      fromServicePods(pods, services),
      fromMapped(slices, serviceKey),
      fromTopology(nodes, services),
    ],
  });
}
