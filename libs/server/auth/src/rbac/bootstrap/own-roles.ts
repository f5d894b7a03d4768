import { DECISIONS_PATH } from '@binnacle/apis-kubernetes/decisions/record';
import type { RuleLines, SubjectLines } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';

/** Workers serve all logical clusters: which there are, and which of them move. */
export const FOLLOW_CLUSTERS = 'get,watch /clusters';

const LEASES = 'create,list,watch coordination.k8s.io leases';

/** What Binnacle's programs need besides what upstream's have. */
export const programRoles: RuleLines = {
  'binnacle:cluster-follower': [FOLLOW_CLUSTERS],
  'binnacle:kube-scheduler': [
    `post ${DECISIONS_PATH}`,
    'create core pods/eviction',
    'read storage.k8s.io storageclasses,volumeattributesclasses',
  ],
  'binnacle:kube-controller-manager': [
    // Taints evict by budgets here, and there are provisioners of our own.
    'create core pods/eviction',
    'create storage.k8s.io csidrivers,storageclasses',
  ],
  // What everybody sees who has said who they are, besides discovery as upstream has it.
  'binnacle:discovery': [
    'get,head /,/api,/api/*,/apis,/apis/*,/openapi,/openapi/*',
    // Who asks is told of the bindings they may list, and of no others.
    'create authorization.binnacle.dev whocans',
  ],
};

export const programSubjects: SubjectLines = {
  'binnacle:cluster-follower': [
    'user:system:kube-scheduler',
    'user:system:kube-controller-manager',
    'user:system:kube-proxy',
  ],
  'binnacle:kube-scheduler': ['user:system:kube-scheduler'],
  'binnacle:kube-controller-manager': ['user:system:kube-controller-manager'],
  // They ask who calls them, and whether that one may.
  'system:auth-delegator': ['user:system:kube-proxy'],
  'binnacle:discovery': ['group:system:authenticated'],
};

/** Leases of ours are patched too, and kube-proxy has one. */
export const programNamespaceRoles: RuleLines = Object.fromEntries(
  ['kube-scheduler', 'kube-controller-manager', 'kube-proxy'].map((name) => [
    `binnacle::leader-locking-${name}`,
    [LEASES, `get,patch,update coordination.k8s.io leases ${name}`],
  ]),
);

export const programNamespaceSubjects: SubjectLines = Object.fromEntries(
  ['kube-scheduler', 'kube-controller-manager', 'kube-proxy'].map((name) => [
    `binnacle::leader-locking-${name}`,
    [`user:system:${name}`],
  ]),
);
