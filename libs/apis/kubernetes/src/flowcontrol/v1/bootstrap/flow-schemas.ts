import { AUTO_UPDATE_ANNOTATION, CATCH_ALL, EXEMPT } from '../names.js';
import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '../index.js';

type Distinguisher = 'ByUser' | 'ByNamespace' | '';

interface Matching {
  readonly level: string;
  readonly precedence: number;
  readonly by: Distinguisher;
}

function schema(name: string, { level, precedence, by }: Matching, rules: PolicyRulesWithSubjects): FlowSchema {
  return {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name, annotations: { [AUTO_UPDATE_ANNOTATION]: 'true' } },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(by && { distinguisherMethod: { type: by } }),
      rules: [rules],
    },
  };
}

const groups = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: string[]): Subject[] => names.map((name) => ({ kind: 'User', user: { name } }));
const systemAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };
const everybody = groups('system:unauthenticated', 'system:authenticated');

const everyResource: ResourcePolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  namespaces: ['*'],
  clusterScope: true,
};
const everyPath: NonResourcePolicyRule = { verbs: ['*'], nonResourceURLs: ['*'] };
const leases = (verbs: string[]): ResourcePolicyRule => ({
  verbs,
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: ['*'],
});

function everything(subjects: Subject[]): PolicyRulesWithSubjects {
  return { subjects, resourceRules: [everyResource], nonResourceRules: [everyPath] };
}

/** Exist at all times. Behaves as k8s.io/apiserver pkg/apis/flowcontrol/bootstrap. */
export const mandatoryFlowSchemas: readonly FlowSchema[] = [
  schema(EXEMPT, { level: EXEMPT, precedence: 1, by: '' }, everything(groups('system:masters'))),
  schema(CATCH_ALL, { level: CATCH_ALL, precedence: 10_000, by: 'ByUser' }, everything(everybody)),
];

/** Made anew where they are missing; an operator may change them. */
export const suggestedFlowSchemas: readonly FlowSchema[] = [
  schema('system-nodes', { level: 'system', precedence: 500, by: 'ByUser' }, everything(groups('system:nodes'))),
  schema(
    'system-node-high',
    { level: 'node-high', precedence: 400, by: 'ByUser' },
    {
      subjects: groups('system:nodes'),
      resourceRules: [{ ...everyResource, apiGroups: [''], resources: ['nodes', 'nodes/status'] }, leases(['*'])],
    },
  ),
  schema(
    'probes',
    { level: EXEMPT, precedence: 2, by: '' },
    { subjects: everybody, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] },
  ),
  schema(
    'system-leader-election',
    { level: 'leader-election', precedence: 100, by: 'ByUser' },
    {
      subjects: [...users('system:kube-controller-manager', 'system:kube-scheduler'), systemAccounts],
      resourceRules: [leases(['get', 'create', 'update'])],
    },
  ),
  schema(
    'kube-controller-manager',
    { level: 'workload-high', precedence: 800, by: 'ByNamespace' },
    everything(users('system:kube-controller-manager')),
  ),
  schema(
    'kube-scheduler',
    { level: 'workload-high', precedence: 800, by: 'ByNamespace' },
    everything(users('system:kube-scheduler')),
  ),
  schema(
    'kube-system-service-accounts',
    { level: 'workload-high', precedence: 900, by: 'ByNamespace' },
    everything([systemAccounts]),
  ),
  schema(
    'service-accounts',
    { level: 'workload-low', precedence: 9000, by: 'ByUser' },
    everything(groups('system:serviceaccounts')),
  ),
  schema('global-default', { level: 'global-default', precedence: 9900, by: 'ByUser' }, everything(everybody)),
];
