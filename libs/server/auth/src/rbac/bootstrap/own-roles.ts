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
  // Upstream's `system:kube-dns` is of the days of Endpoints.
  'binnacle:kube-dns': [
    'list,watch discovery.k8s.io endpointslices',
    'list,watch core services,namespaces,nodes',
    'tell core,events.k8s.io events',
  ],
  // Secrets are not among them: those that are served are given one by one (ingress-authorizer.ts).
  'binnacle:ingress-controller': [
    'read networking.k8s.io ingresses',
    'read,create networking.k8s.io ingressclasses',
    'patch,update networking.k8s.io ingresses/status',
    // By Services it is given addresses; which of them it may change is said one by one as well.
    'read core namespaces,nodes,services',
    'create core services',
    'read discovery.k8s.io endpointslices',
    'tell core,events.k8s.io events',
    'read apiextensions.k8s.io customresourcedefinitions',
    'read gateway.networking.k8s.io gatewayclasses,gateways,httproutes,grpcroutes,referencegrants',
    'create gateway.networking.k8s.io gatewayclasses',
    'patch,update gateway.networking.k8s.io gatewayclasses/status,gateways/status,httproutes/status,grpcroutes/status',
  ],
  // All that it says of Services stands in their status, finalizers too.
  'binnacle:cloud-controller-manager': [
    'tell core,events.k8s.io events',
    'read core nodes,services',
    'delete,patch core nodes',
    'patch core nodes/status,services/status',
  ],
  // What everybody sees who has said who they are, besides discovery as upstream has it.
  'binnacle:discovery': [
    'get,head /,/api,/api/*,/apis,/apis/*,/openapi,/openapi/*',
    // Who asks is told of the bindings they may list, and of no others.
    'create authorization.binnacle.dev whocans',
    // And of policies and Pods they may see.
    'create networking.binnacle.dev reachabilityreviews',
    // Sent for whoever may get the Service's `proxy`.
    'create networking.binnacle.dev requesttrials',
  ],
};

export const programSubjects: SubjectLines = {
  'binnacle:cluster-follower': [
    'user:system:kube-scheduler',
    'user:system:kube-controller-manager',
    'user:system:kube-proxy',
    'user:system:kube-dns',
    'user:system:ingress-controller',
    'user:system:cloud-controller-manager',
  ],
  'binnacle:ingress-controller': ['user:system:ingress-controller'],
  'binnacle:cloud-controller-manager': ['user:system:cloud-controller-manager'],
  'binnacle:kube-scheduler': ['user:system:kube-scheduler'],
  'binnacle:kube-controller-manager': ['user:system:kube-controller-manager'],
  'binnacle:kube-dns': ['user:system:kube-dns'],
  // They ask who calls them, and whether that one may.
  'system:auth-delegator': [
    'user:system:kube-proxy',
    'user:system:kube-dns',
    'user:system:ingress-controller',
    'user:system:cloud-controller-manager',
  ],
  'binnacle:discovery': ['group:system:authenticated'],
};

/** Leases of ours are patched too, and most of these have one that upstream has no role for. */
const LEADERS = [
  'kube-scheduler',
  'kube-controller-manager',
  'kube-proxy',
  'kube-dns',
  'ingress-controller',
  'cloud-controller-manager',
];

export const programNamespaceRoles: RuleLines = {
  ...Object.fromEntries(
    LEADERS.map((name) => [
      `binnacle::leader-locking-${name}`,
      [LEASES, `get,patch,update coordination.k8s.io leases ${name}`],
    ]),
  ),
  // Its Service, and the ConfigMap that says whom it asks.
  'binnacle::kube-dns': [
    'create core services',
    'delete core services kube-dns',
    'list,watch core configmaps kube-dns',
  ],
};

export const programNamespaceSubjects: SubjectLines = {
  ...Object.fromEntries(LEADERS.map((name) => [`binnacle::leader-locking-${name}`, [`user:system:${name}`]])),
  'binnacle::kube-dns': ['user:system:kube-dns'],
};
