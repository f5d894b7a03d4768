import { rulesOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';

const NODE = [
  'create authentication.k8s.io tokenreviews',
  'create authorization.k8s.io subjectaccessreviews,localsubjectaccessreviews',
  'read core services',
  'tell core,events.k8s.io events',
  'get core endpoints',
  'create,read certificates.k8s.io certificatesigningrequests',
  // What kubeadm gives to all nodes: a kubelet renews its certificate, and nobody has to approve that.
  'create certificates.k8s.io certificatesigningrequests/selfnodeclient',
  'read storage.k8s.io csidrivers',
  'read node.k8s.io runtimeclasses',
];

/**
 * What every kubelet may do alike. Access to Nodes, Pods, Leases and what Pods refer to is decided one by one instead.
 * Behaves as kubernetes bootstrappolicy NodeRules, as far as the kinds are served.
 */
export const nodeRules = rulesOf(NODE);

/**
 * An agent carries nodes of all logical clusters, answers its Pods' names of Services itself, as the cluster's DNS would, and applies
 * NetworkPolicies to them.
 */
export const agentRules = rulesOf([
  ...NODE,
  'get,watch /clusters',
  'read discovery.k8s.io endpointslices',
  'read networking.k8s.io networkpolicies',
  'read core namespaces',
]);
