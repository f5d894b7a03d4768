/** What a subject may do. A rule names either resources or paths; `*` stands for all. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly groups?: readonly string[];
  /** Plural names, `<plural>/<subresource>` for subresources. */
  readonly resources?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly names?: readonly string[];
  /** Paths that are no resource's; a trailing `*` matches what begins alike. */
  readonly paths?: readonly string[];
}

/** By subject: `user:<name>` or `group:<name>`. */
export type RuleSet = Readonly<Record<string, readonly Rule[]>>;

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CORE = [''];

/** Events are written by every component, in both groups. */
const events: Rule = {
  verbs: ['create', 'update', 'patch'],
  groups: ['', 'events.k8s.io'],
  resources: ['events'],
};

function leaderElection(name: string): Rule[] {
  const base = { groups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['kube-system'] };
  return [
    { ...base, verbs: ['create', 'list', 'watch'] },
    { ...base, verbs: ['get', 'update', 'patch'], names: [name] },
  ];
}

const reviews: Rule[] = [
  { verbs: ['create'], groups: ['authentication.k8s.io'], resources: ['tokenreviews'] },
  { verbs: ['create'], groups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
];

const publicPaths: Rule = {
  verbs: ['get', 'head'],
  paths: ['/healthz', '/livez', '/readyz', '/healthz/*', '/livez/*', '/readyz/*', '/version', '/version/'],
};

/** Signing in and out; each path looks at the session itself. */
const signIn: Rule = { verbs: ['get', 'post'], paths: ['/auth/login', '/auth/logout', '/auth/session'] };

const discovery: Rule = {
  verbs: ['get', 'head'],
  paths: ['/', '/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
};

const selfReviews: Rule[] = [
  {
    verbs: ['create'],
    groups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], groups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

const scheduler: Rule[] = [
  events,
  ...leaderElection('kube-scheduler'),
  { verbs: READ, groups: CORE, resources: ['nodes', 'namespaces', 'services', 'replicationcontrollers'] },
  { verbs: [...READ, 'delete'], groups: CORE, resources: ['pods'] },
  { verbs: ['create'], groups: CORE, resources: ['bindings', 'pods/binding', 'pods/eviction'] },
  { verbs: ['patch', 'update'], groups: CORE, resources: ['pods/status'] },
  { verbs: READ, groups: ['apps'], resources: ['replicasets', 'statefulsets'] },
  { verbs: READ, groups: ['policy'], resources: ['poddisruptionbudgets'] },
  { verbs: READ, groups: ['scheduling.k8s.io'], resources: ['priorityclasses'] },
  { verbs: READ, groups: CORE, resources: ['persistentvolumes', 'persistentvolumeclaims'] },
  { verbs: READ, groups: ['storage.k8s.io'], resources: ['*'] },
  ...reviews,
];

/** One identity carries all controllers here, so this is what upstream's controllers may do taken together. */
const controllerManager: Rule[] = [
  events,
  ...leaderElection('kube-controller-manager'),
  { verbs: READ, groups: ['*'], resources: ['*'] },
  // The garbage collector and the namespace controller delete objects of every kind.
  { verbs: ['delete', 'deletecollection', 'patch', 'update'], groups: ['*'], resources: ['*'] },
  { verbs: ['update', 'patch'], groups: CORE, resources: ['namespaces/finalize', 'namespaces/status'] },
  { verbs: ['update', 'patch'], groups: CORE, resources: ['nodes/status', 'pods/status'] },
  { verbs: ['update', 'patch'], groups: CORE, resources: ['replicationcontrollers/status', 'services/status'] },
  { verbs: ['update', 'patch'], groups: CORE, resources: ['resourcequotas/status'] },
  {
    verbs: ['update', 'patch'],
    groups: ['apps', 'batch'],
    resources: ['deployments/status', 'replicasets/status', 'statefulsets/status', 'daemonsets/status', 'jobs/status'],
  },
  { verbs: ['get', 'update', 'patch'], groups: ['apps', ''], resources: ['*/scale'] },
  { verbs: ['update', 'patch'], groups: ['policy'], resources: ['poddisruptionbudgets/status'] },
  {
    verbs: ['create'],
    groups: CORE,
    resources: ['pods', 'endpoints', 'secrets', 'serviceaccounts', 'configmaps', 'namespaces', 'pods/eviction'],
  },
  { verbs: ['create'], groups: CORE, resources: ['serviceaccounts/token', 'persistentvolumes'] },
  { verbs: ['create'], groups: ['apps'], resources: ['replicasets', 'controllerrevisions'] },
  { verbs: ['create'], groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  ...reviews,
];

/**
 * Behaves as upstream's system:node role; that a node touches only its own objects is NodeRestriction's to check.
 * EndpointSlices are for simulated nodes, which answer their Pods' names themselves.
 */
const node: Rule[] = [
  events,
  ...reviews,
  { verbs: READ, groups: CORE, resources: ['services', 'namespaces', 'configmaps', 'secrets', 'serviceaccounts'] },
  { verbs: [...READ, 'create', 'update', 'patch', 'delete'], groups: CORE, resources: ['nodes'] },
  { verbs: ['update', 'patch'], groups: CORE, resources: ['nodes/status', 'pods/status'] },
  { verbs: [...READ, 'create', 'delete'], groups: CORE, resources: ['pods'] },
  { verbs: ['create'], groups: CORE, resources: ['pods/eviction', 'serviceaccounts/token'] },
  {
    verbs: ['get', 'create', 'update', 'patch', 'delete'],
    groups: ['coordination.k8s.io'],
    resources: ['leases'],
    namespaces: ['kube-node-lease'],
  },
  { verbs: READ, groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: READ, groups: ['storage.k8s.io', 'node.k8s.io'], resources: ['*'] },
  { verbs: READ, groups: CORE, resources: ['persistentvolumes', 'persistentvolumeclaims'] },
];

const proxy: Rule[] = [
  events,
  ...leaderElection('kube-proxy'),
  { verbs: READ, groups: CORE, resources: ['services', 'endpoints', 'nodes'] },
  { verbs: READ, groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: READ, groups: ['networking.k8s.io'], resources: ['servicecidrs'] },
];

/** Members may see everything but Secrets, as upstream's `view` role bound cluster-wide. */
const viewers: Rule[] = [
  {
    verbs: READ,
    groups: ['*'],
    resources: [
      'configmaps',
      'endpoints',
      'endpointslices',
      'events',
      'limitranges',
      'namespaces',
      'nodes',
      'pods',
      'pods/log',
      'pods/status',
      'replicationcontrollers',
      'resourcequotas',
      'serviceaccounts',
      'services',
      'deployments',
      'replicasets',
      'controllerrevisions',
      'poddisruptionbudgets',
      'priorityclasses',
      'leases',
    ],
  },
];

const editors: Rule[] = [
  ...viewers,
  {
    verbs: [...READ, ...WRITE],
    groups: ['*'],
    resources: [
      'configmaps',
      'deployments',
      'deployments/scale',
      'endpoints',
      'endpointslices',
      'poddisruptionbudgets',
      'pods',
      'pods/eviction',
      'replicasets',
      'replicasets/scale',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'secrets',
      'serviceaccounts',
      'services',
    ],
  },
];

/** Who may do what before anybody has said anything: least privilege, as upstream's bootstrap policy. */
export const builtinRules: RuleSet = {
  'group:system:unauthenticated': [publicPaths, signIn],
  'group:system:authenticated': [publicPaths, signIn, discovery, ...selfReviews],
  'group:binnacle:viewers': viewers,
  'group:binnacle:editors': editors,
  'user:system:kube-scheduler': scheduler,
  'user:system:kube-controller-manager': controllerManager,
  'user:system:kube-proxy': proxy,
  'group:system:nodes': node,
};
