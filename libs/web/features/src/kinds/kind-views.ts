import type { KindView } from '../view/kind-view.js';
import { bindingView, roleView } from './access.js';
import { signingRequestView } from './certificate-signing-request.js';
import { priorityClassView, runtimeClassView } from './classes.js';
import { configMapView } from './config-map.js';
import { cronJobView } from './cron-job.js';
import { customResourceDefinitionView } from './custom-resource-definition.js';
import { daemonSetView } from './daemon-set.js';
import { deploymentView } from './deployment.js';
import { endpointSliceView } from './endpoint-slice.js';
import { eventView } from './event.js';
import { autoscalerView } from './horizontal-pod-autoscaler.js';
import { ingressView } from './ingress.js';
import { jobView } from './job.js';
import { leaseView } from './lease.js';
import { limitRangeView, quotaView } from './limits.js';
import { namespaceView } from './namespace.js';
import { networkPolicyView } from './network-policy.js';
import { nodeView } from './node.js';
import { volumeView } from './persistent-volume.js';
import { invitationView, teamView, userView } from './people.js';
import { claimView } from './persistent-volume-claim.js';
import { podView } from './pod.js';
import { budgetView } from './pod-disruption-budget.js';
import { replicaSetView } from './replica-set.js';
import { secretView } from './secret.js';
import { serviceView } from './service.js';
import { statefulSetView } from './stateful-set.js';
import { storageClassView } from './storage-class.js';

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
  'cronjobs.batch': cronJobView,
  'horizontalpodautoscalers.autoscaling': autoscalerView,
  'ingresses.networking.k8s.io': ingressView,
  'networkpolicies.networking.k8s.io': networkPolicyView,
  'certificatesigningrequests.certificates.k8s.io': signingRequestView,
  'roles.rbac.authorization.k8s.io': roleView,
  'clusterroles.rbac.authorization.k8s.io': roleView,
  'rolebindings.rbac.authorization.k8s.io': bindingView,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingView,
  'priorityclasses.scheduling.k8s.io': priorityClassView,
  'runtimeclasses.node.k8s.io': runtimeClassView,
  resourcequotas: quotaView,
  limitranges: limitRangeView,
  'poddisruptionbudgets.policy': budgetView,
  configmaps: configMapView,
  secrets: secretView,
  'leases.coordination.k8s.io': leaseView,
  events: eventView,
  'events.events.k8s.io': eventView,
  persistentvolumes: volumeView,
  persistentvolumeclaims: claimView,
  'storageclasses.storage.k8s.io': storageClassView,
  'users.iam.binnacle.dev': userView,
  'teams.iam.binnacle.dev': teamView,
  'invitations.iam.binnacle.dev': invitationView,
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
