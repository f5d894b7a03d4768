import { followClusters } from './builtin-rules.js';
import type { Rule } from './rule.js';

const READ = ['get', 'list', 'watch'];
const CORE = [''];

/**
 * What every kubelet may do alike. Access to Nodes, Pods, Leases and what Pods refer to is decided one by one instead.
 * Behaves as kubernetes bootstrappolicy NodeRules, as far as the kinds are served.
 */
export const nodeRules: readonly Rule[] = [
  { verbs: ['create'], groups: ['authentication.k8s.io'], resources: ['tokenreviews'] },
  {
    verbs: ['create'],
    groups: ['authorization.k8s.io'],
    resources: ['subjectaccessreviews', 'localsubjectaccessreviews'],
  },
  { verbs: READ, groups: CORE, resources: ['services'] },
  { verbs: ['create', 'update', 'patch'], groups: ['', 'events.k8s.io'], resources: ['events'] },
  { verbs: ['get'], groups: CORE, resources: ['endpoints'] },
  { verbs: ['create', ...READ], groups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'] },
  // What kubeadm gives to all nodes: a kubelet renews its certificate, and nobody has to approve that.
  { verbs: ['create'], groups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/selfnodeclient'] },
  { verbs: READ, groups: ['storage.k8s.io'], resources: ['csidrivers'] },
  { verbs: READ, groups: ['node.k8s.io'], resources: ['runtimeclasses'] },
];

/**
 * An agent carries nodes of all logical clusters, answers its Pods' names of Services itself, as the cluster's DNS would, and applies
 * NetworkPolicies to them.
 */
export const agentRules: readonly Rule[] = [
  ...nodeRules,
  followClusters,
  { verbs: READ, groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: READ, groups: ['networking.k8s.io'], resources: ['networkpolicies'] },
  { verbs: READ, groups: CORE, resources: ['namespaces'] },
];
