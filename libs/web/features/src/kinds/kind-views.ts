import type { KindView } from '../view/kind-view.js';
import { configMapView } from './config-map.js';
import { customResourceDefinitionView } from './custom-resource-definition.js';
import { daemonSetView } from './daemon-set.js';
import { deploymentView } from './deployment.js';
import { endpointSliceView } from './endpoint-slice.js';
import { eventView } from './event.js';
import { jobView } from './job.js';
import { leaseView } from './lease.js';
import { namespaceView } from './namespace.js';
import { nodeView } from './node.js';
import { podView } from './pod.js';
import { budgetView } from './pod-disruption-budget.js';
import { replicaSetView } from './replica-set.js';
import { secretView } from './secret.js';
import { serviceView } from './service.js';
import { statefulSetView } from './stateful-set.js';

/** What holds data: its loss cannot be made good. */
const VOLUME: KindView = { actions: { dangerous: true } };

/** One line per kind the dashboard knows more of than any object has. Everything else is shown generically. */
export const VIEWS: Readonly<Record<string, KindView>> = {
  nodes: nodeView,
  namespaces: namespaceView,
  pods: podView,
  services: serviceView,
  'endpointslices.discovery.k8s.io': endpointSliceView,
  'deployments.apps': deploymentView,
  'replicasets.apps': replicaSetView,
  replicationcontrollers: replicaSetView,
  'statefulsets.apps': statefulSetView,
  'daemonsets.apps': daemonSetView,
  'jobs.batch': jobView,
  'poddisruptionbudgets.policy': budgetView,
  configmaps: configMapView,
  secrets: secretView,
  'leases.coordination.k8s.io': leaseView,
  events: eventView,
  'events.events.k8s.io': eventView,
  persistentvolumes: VOLUME,
  persistentvolumeclaims: VOLUME,
  'customresourcedefinitions.apiextensions.k8s.io': customResourceDefinitionView,
};

const GENERIC: KindView = {};

export function kindView(id: string): KindView {
  return VIEWS[id] ?? GENERIC;
}

/** True where the dashboard has columns of its own; otherwise the server's are shown. */
export function hasColumns(id: string): boolean {
  return VIEWS[id]?.columns !== undefined;
}
