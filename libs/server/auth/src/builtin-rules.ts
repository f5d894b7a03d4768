import { DECISIONS_PATH } from '@binnacle/apis-kubernetes/decisions/record';
import { memberRules } from './member-rules.js';
import type { Rule } from './rule.js';

/** By subject: `user:<name>` or `group:<name>`. */
export type RuleSet = Readonly<Record<string, readonly Rule[]>>;

const READ = ['get', 'list', 'watch'];
const CORE = [''];
const DEVICES = ['resource.k8s.io'];

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

/** As upstream's system:service-account-issuer-discovery. */
const issuerDiscovery: Rule = {
  verbs: ['get'],
  paths: [
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/',
    '/openid/v1/jwks',
    '/openid/v1/jwks/',
  ],
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

/** Workers serve all logical clusters: which there are, and which of them move. */
export const followClusters: Rule = { verbs: ['get', 'watch'], paths: ['/clusters'] };

const scheduler: Rule[] = [
  events,
  followClusters,
  ...leaderElection('kube-scheduler'),
  { verbs: ['post'], paths: [DECISIONS_PATH] },
  { verbs: READ, groups: CORE, resources: ['nodes', 'namespaces', 'services', 'replicationcontrollers'] },
  { verbs: [...READ, 'delete'], groups: CORE, resources: ['pods'] },
  { verbs: ['create'], groups: CORE, resources: ['bindings', 'pods/binding', 'pods/eviction'] },
  { verbs: ['patch', 'update'], groups: CORE, resources: ['pods/status'] },
  { verbs: READ, groups: ['apps'], resources: ['replicasets', 'statefulsets'] },
  { verbs: READ, groups: ['policy'], resources: ['poddisruptionbudgets'] },
  { verbs: READ, groups: ['scheduling.k8s.io'], resources: ['priorityclasses'] },
  { verbs: [...READ, 'patch', 'update'], groups: CORE, resources: ['persistentvolumes', 'persistentvolumeclaims'] },
  { verbs: READ, groups: ['storage.k8s.io'], resources: ['*'] },
  { verbs: READ, groups: DEVICES, resources: ['deviceclasses', 'resourceslices'] },
  { verbs: [...READ, 'create', 'update', 'patch', 'delete'], groups: DEVICES, resources: ['resourceclaims'] },
  { verbs: ['update', 'patch'], groups: DEVICES, resources: ['resourceclaims/status'] },
  ...reviews,
];

const signers = (verb: 'approve' | 'sign', ...names: string[]): Rule => ({
  verbs: [verb],
  groups: ['certificates.k8s.io'],
  resources: ['signers'],
  names: names.map((name) => `kubernetes.io/${name}`),
});

/** One identity carries all controllers here, so this is what upstream's controllers may do taken together. */
const controllerManager: Rule[] = [
  events,
  followClusters,
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
  { verbs: ['create'], groups: ['batch'], resources: ['jobs'] },
  { verbs: ['update', 'patch'], groups: ['autoscaling'], resources: ['horizontalpodautoscalers/status'] },
  { verbs: ['update', 'patch'], groups: ['batch'], resources: ['cronjobs/status', 'cronjobs/finalizers'] },
  { verbs: ['update', 'patch'], groups: ['batch'], resources: ['jobs/finalizers'] },
  { verbs: ['get', 'update', 'patch'], groups: ['apps', ''], resources: ['*/scale'] },
  { verbs: ['update', 'patch'], groups: ['policy'], resources: ['poddisruptionbudgets/status'] },
  { verbs: ['update', 'patch'], groups: ['networking.k8s.io'], resources: ['servicecidrs/status'] },
  {
    verbs: ['create'],
    groups: CORE,
    resources: ['pods', 'endpoints', 'secrets', 'serviceaccounts', 'configmaps', 'namespaces', 'pods/eviction'],
  },
  {
    verbs: ['create'],
    groups: CORE,
    resources: ['serviceaccounts/token', 'persistentvolumes', 'persistentvolumeclaims'],
  },
  {
    verbs: ['update', 'patch'],
    groups: CORE,
    resources: ['persistentvolumes/status', 'persistentvolumeclaims/status'],
  },
  { verbs: ['create'], groups: ['apps'], resources: ['replicasets', 'controllerrevisions'] },
  { verbs: ['create'], groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: ['create'], groups: ['storage.k8s.io'], resources: ['storageclasses', 'csidrivers', 'volumeattachments'] },
  { verbs: ['create'], groups: DEVICES, resources: ['resourceclaims'] },
  { verbs: ['update', 'patch'], groups: DEVICES, resources: ['resourceclaims/status'] },
  signers('approve', 'kube-apiserver-client-kubelet'),
  signers('sign', 'kube-apiserver-client', 'kube-apiserver-client-kubelet', 'kubelet-serving', 'legacy-unknown'),
  {
    verbs: ['update', 'patch'],
    groups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/status', 'certificatesigningrequests/approval'],
  },
  {
    verbs: ['update', 'patch'],
    groups: ['admissionregistration.k8s.io'],
    resources: ['validatingadmissionpolicies/status'],
  },
  ...reviews,
];

const proxy: Rule[] = [
  events,
  followClusters,
  ...leaderElection('kube-proxy'),
  { verbs: READ, groups: CORE, resources: ['services', 'endpoints', 'nodes'] },
  { verbs: READ, groups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { verbs: READ, groups: ['networking.k8s.io'], resources: ['servicecidrs'] },
  ...reviews,
];

/** As upstream's system:monitoring. */
const monitoring: Rule[] = [
  {
    verbs: ['get'],
    paths: ['/metrics', '/metrics/*', '/healthz', '/healthz/*', '/livez', '/livez/*', '/readyz', '/readyz/*'],
  },
];

/** Who may do what before anybody has said anything: least privilege, as upstream's bootstrap policy. */
export const builtinRules: RuleSet = {
  'group:system:serviceaccounts': [issuerDiscovery],
  'group:system:unauthenticated': [publicPaths, signIn],
  'group:system:authenticated': [publicPaths, signIn, discovery, ...selfReviews],
  'group:binnacle:viewers': memberRules('view'),
  'group:binnacle:editors': memberRules('edit'),
  'group:system:monitoring': monitoring,
  'user:system:kube-scheduler': scheduler,
  'user:system:kube-controller-manager': controllerManager,
  'user:system:kube-proxy': proxy,
};
