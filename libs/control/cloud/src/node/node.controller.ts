import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, createEventRecorder, fromObjects } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { fromCloud } from '../provider/from-cloud.js';
import { type CloudInstruments, silentInstruments } from '../provider/instruments.js';
import type { Instances } from '../provider/cloud-provider.js';
import { CloudNodeReconciler } from './node.reconciler.js';

export interface CloudNodeOptions {
  readonly instances: Instances;
  /** Milliseconds between two looks at what a node's addresses are. */
  readonly statusUpdateFrequency: number;
  readonly instruments?: CloudInstruments;
}

/** Models k8s.io/cloud-provider controllers/node NewCloudNodeController. */
export function cloudNodeController(
  ctx: Context,
  { client, informers }: ControllerDeps,
  { instances, statusUpdateFrequency, instruments = silentInstruments }: CloudNodeOptions,
): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const reconciler = new CloudNodeReconciler({
    nodes,
    client: client.resource<Node>(refs.nodes),
    instances,
    recorder: createEventRecorder(ctx, client, { component: 'cloud-node-controller' }),
    statusUpdateFrequency,
    instruments,
  });
  const sources = [fromObjects(nodes), fromCloud(instances, (key) => reconciler.doubt(key))];
  // Addresses of a cluster at rest are looked at when it wakes.
  return createController({ name: 'cloud-node', reconciler, sources, wakes: false });
}
