import { eventView } from '../events/event-view.js';
import { nodeView } from '../nodes/node-view.js';
import { podView } from '../pods/pod-view.js';
import { endpointSliceView, serviceView } from '../services/service-view.js';
import { dataView } from '../generic/data-view.js';
import { leaseView, namespaceView } from '../generic/cluster-views.js';
import { deploymentView, replicaSetView, selectorView } from '../workloads/workload-views.js';
import type { KindView } from './kind-view.js';

/** One line per kind the dashboard knows more of than any object has. Everything else is shown generically. */
const VIEWS: Readonly<Record<string, KindView>> = {
  nodes: nodeView,
  namespaces: namespaceView,
  pods: podView,
  services: serviceView,
  'endpointslices.discovery.k8s.io': endpointSliceView,
  'deployments.apps': deploymentView,
  'replicasets.apps': replicaSetView,
  replicationcontrollers: replicaSetView,
  'statefulsets.apps': replicaSetView,
  'daemonsets.apps': selectorView,
  'jobs.batch': selectorView,
  'poddisruptionbudgets.policy': selectorView,
  configmaps: dataView,
  secrets: dataView,
  'leases.coordination.k8s.io': leaseView,
  events: eventView,
  'events.events.k8s.io': eventView,
};

const GENERIC: KindView = {};

export function kindView(id: string): KindView {
  return VIEWS[id] ?? GENERIC;
}

/** True where the dashboard has columns of its own; otherwise the server's are shown. */
export function hasColumns(id: string): boolean {
  return VIEWS[id]?.columns !== undefined;
}
