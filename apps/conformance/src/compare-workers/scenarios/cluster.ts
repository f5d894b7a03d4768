import { asks, job, object, pod, service, template, workload } from '../manifests.js';
import {
  at,
  both,
  counts,
  has,
  type Json,
  make,
  patch,
  ready,
  remove,
  type Scenario,
  settled,
  type Step,
  until,
  untilAll,
  untilGone,
} from '../scenario.js';

const deployment = (name: string, replicas: number, container: Json = {}) =>
  workload('Deployment', name, { replicas }, template(name, { container }));
const web = (replicas: number) => deployment('web', replicas);
const WEB = 'deployments.apps/web';
const NONE = (all: readonly Json[]) => all.length === 0;

const USED = 'resourcequotas/few';
const quota = (hard: Json, more: Json = {}) => object('ResourceQuota', 'v1', 'few', { spec: { hard, ...more } });
const uses = (name: string, value: string) =>
  until(USED, (one) => (at(one, 'status.used') as Json | undefined)?.[name] === value);

export const quotas: readonly Scenario[] = [
  {
    name: 'counts what is there, and what goes',
    steps: [
      make(web(2)),
      ready(WEB, 2),
      make(quota({ pods: '5', 'count/deployments.apps': '3', 'requests.cpu': '1', configmaps: '10', services: '3' })),
      uses('pods', '2'),
      make(object('ConfigMap', 'v1', 'one', { data: { a: 'b' } }), service('one', { selector: undefined })),
      uses('configmaps', '2'),
      uses('services', '1'),
      remove(WEB, 'Background'),
      uses('pods', '0'),
      uses('count/deployments.apps', '0'),
      settled,
    ],
  },
  {
    name: 'counts Pods of a scope only',
    steps: [
      make(quota({ pods: '5' }, { scopes: ['BestEffort'] })),
      until(USED, (one) => at(one, 'status.used') !== undefined),
      make(pod('free'), pod('asking', { container: asks('10m') }), job('done', 'exit 0')),
      until('jobs.batch/done', has('Complete')),
      uses('pods', '1'),
      settled,
    ],
  },
  {
    name: 'counts Pods of a priority only',
    steps: [
      make(
        quota(
          { pods: '5' },
          {
            scopeSelector: {
              matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['compare-high'] }],
            },
          },
        ),
      ),
      until(USED, (one) => at(one, 'status.used') !== undefined),
      make(pod('plain'), pod('high', { spec: { priorityClassName: 'compare-high' } })),
      uses('pods', '1'),
      settled,
    ],
  },
].map((one) => ({ field: 'ResourceQuota', ...one }));

const BUDGET = 'poddisruptionbudgets.policy/web';
const budget = (spec: Json) =>
  object('PodDisruptionBudget', 'policy/v1', 'web', { spec: { selector: { matchLabels: { app: 'web' } }, ...spec } });

export const budgets: readonly Scenario[] = [
  {
    name: 'of a Deployment, by number',
    steps: [
      make(web(3)),
      ready(WEB, 3),
      make(budget({ minAvailable: 2 })),
      until(BUDGET, counts('currentHealthy', 3)),
      settled,
    ],
  },
  {
    name: 'of a Deployment, in percent',
    steps: [
      make(web(4)),
      ready(WEB, 4),
      make(budget({ maxUnavailable: '30%' })),
      until(BUDGET, counts('currentHealthy', 4)),
      settled,
    ],
  },
  {
    name: 'of Pods of nobody',
    steps: [
      make(pod('one', { labels: { app: 'web' } })),
      until('pods/one', has('Ready')),
      make(budget({ maxUnavailable: 1 })),
      settled,
    ],
  },
  {
    name: 'refuses an eviction and allows another',
    steps: [
      make(web(2)),
      ready(WEB, 2),
      make(budget({ minAvailable: 1 })),
      until(BUDGET, counts('disruptionsAllowed', 1)),
      { evict: 'app=web' },
      until(BUDGET, both(counts('currentHealthy', 2), counts('disruptionsAllowed', 1))),
      settled,
    ],
  },
].map((one) => ({ field: 'PodDisruptionBudget', ...one }));

const finalized = object('ConfigMap', 'v1', 'held', { metadata: { finalizers: ['example.com/hold'] } });

export const namespaces: readonly Scenario[] = [
  {
    name: 'with everything in it',
    steps: [
      make(object('Namespace', 'v1', '{ns}-more')),
      settled,
      make(inMore(web(2)), inMore(object('Secret', 'v1', 'one')), inMore(service('one', { selector: undefined }))),
      settled,
      remove('namespaces/{ns}-more'),
      untilGone('namespaces/{ns}-more'),
    ],
  },
  {
    name: 'in which something is held back',
    steps: [
      make(object('Namespace', 'v1', '{ns}-more')),
      settled,
      make(inMore(finalized), inMore(web(1))),
      settled,
      remove('namespaces/{ns}-more'),
      until('namespaces/{ns}-more', has('NamespaceFinalizersRemaining')),
      settled,
    ],
    undo: [{ patch: 'configmaps/{ns}-more/held', with: { metadata: { finalizers: [] } } }],
  },
  {
    name: 'is given accounts and the authority',
    steps: [
      until('serviceaccounts/default', () => true),
      until('configmaps/kube-root-ca.crt', () => true),
      remove('serviceaccounts/default'),
      remove('configmaps/kube-root-ca.crt'),
      until('serviceaccounts/default', () => true),
      until('configmaps/kube-root-ca.crt', () => true),
    ],
  },
].map((one) => ({ field: 'Namespace', ...one }));

function inMore(one: Json): Json {
  return { ...one, metadata: { ...(one.metadata as Json), namespace: '{ns}-more' } };
}

export const accounts: readonly Scenario[] = [
  {
    field: 'ServiceAccount',
    name: 'a Secret asks for its token',
    steps: [
      make(
        object('ServiceAccount', 'v1', 'robot'),
        object('Secret', 'v1', 'robot', {
          metadata: { annotations: { 'kubernetes.io/service-account.name': 'robot' } },
          type: 'kubernetes.io/service-account-token',
        }),
      ),
      until('secrets/robot', (one) => at(one, 'data.token') !== undefined),
      settled,
    ],
  },
  {
    field: 'ServiceAccount',
    name: 'goes, and its token with it',
    steps: [
      make(object('ServiceAccount', 'v1', 'robot')),
      make(
        object('Secret', 'v1', 'robot', {
          metadata: { annotations: { 'kubernetes.io/service-account.name': 'robot' } },
          type: 'kubernetes.io/service-account-token',
        }),
      ),
      until('secrets/robot', (one) => at(one, 'data.token') !== undefined),
      remove('serviceaccounts/robot'),
      untilGone('secrets/robot'),
    ],
  },
];

const owned = (name: string, more: Json = {}): Json =>
  object('ConfigMap', 'v1', name, {
    metadata: {
      ownerReferences: [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: '{uid of configmaps/owner}', ...more },
      ],
    },
  });
const owner = make(object('ConfigMap', 'v1', 'owner'));

export const garbage: readonly Scenario[] = [
  {
    name: 'in the background',
    steps: [
      owner,
      make(owned('a'), owned('b')),
      settled,
      remove('configmaps/owner', 'Background'),
      untilGone('configmaps/a'),
      untilGone('configmaps/b'),
    ],
  },
  {
    name: 'in the foreground, whoever keeps its owner first',
    steps: [
      owner,
      make(owned('a', { blockOwnerDeletion: true }), owned('b')),
      settled,
      remove('configmaps/owner', 'Foreground'),
      untilGone('configmaps/owner'),
      untilGone('configmaps/a'),
      settled,
    ],
  },
  {
    name: 'orphaned',
    steps: [
      owner,
      make(owned('a')),
      settled,
      remove('configmaps/owner', 'Orphan'),
      untilGone('configmaps/owner'),
      settled,
    ],
  },
  {
    name: 'of an owner that is not there',
    steps: [make(owned('a', { uid: '00000000-0000-0000-0000-000000000007' })), untilGone('configmaps/a')],
  },
  {
    name: 'of an owner in another namespace than it says',
    steps: [
      make(owned('a', { kind: 'Node', name: 'nobody', uid: '00000000-0000-0000-0000-000000000008' })),
      untilGone('configmaps/a'),
    ],
  },
  {
    name: 'a Deployment in the foreground',
    steps: [make(web(2)), ready(WEB, 2), remove(WEB, 'Foreground'), untilGone(WEB), untilAll('pods', NONE)],
  },
  {
    name: 'a Deployment orphans its ReplicaSets',
    steps: [make(web(1)), ready(WEB, 1), remove(WEB, 'Orphan'), untilGone(WEB), settled],
  },
].map((one) => ({ field: 'garbage', ...one }));

const HPAS = 'horizontalpodautoscalers.autoscaling';
const HPA = `${HPAS}/web`;
/** Autoscalers are looked at every 15 s: time for two looks. */
const LOOKED: Step = { seconds: 35 };
/** A measurement counts where its window of 15 s began after the Pod was ready. */
const MEASURED: Step = { seconds: 35 };
const measured = (replicas: number, container: Json = {}): Step[] => [
  make(deployment('web', replicas, container)),
  ready(WEB, replicas),
  MEASURED,
  untilAll('pods.metrics.k8s.io', (all) => all.length === replicas),
];
const autoscaler = (spec: Json, name = 'web') =>
  object('HorizontalPodAutoscaler', 'autoscaling/v2', name, {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 5, ...spec },
  });
const cpu = (averageUtilization: number) => ({
  metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }],
});

export const autoscalers: readonly Scenario[] = [
  {
    name: 'raises to its least',
    steps: [
      ...measured(1, asks('100m')),
      make(autoscaler({ minReplicas: 3, ...cpu(80) })),
      ready(WEB, 3),
      until(HPA, (one) => at(one, 'status.desiredReplicas') === 3),
      LOOKED,
    ],
  },
  {
    name: 'lowers to its most',
    steps: [
      ...measured(6, asks('100m')),
      make(autoscaler({ maxReplicas: 2, ...cpu(80) })),
      ready(WEB, 2),
      until(HPA, (one) => at(one, 'status.currentReplicas') === 2),
      LOOKED,
    ],
  },
  {
    name: 'of what asks for nothing',
    steps: [...measured(1), make(autoscaler(cpu(80))), until(HPA, has('ScalingActive', 'False')), LOOKED],
  },
  {
    name: 'of what is not there',
    steps: [make(autoscaler(cpu(80))), until(HPA, has('AbleToScale', 'False')), settled],
  },
  {
    name: 'is switched off at none',
    steps: [
      make(deployment('web', 0, asks('100m')), autoscaler(cpu(80))),
      until(HPA, has('ScalingActive', 'False', 'ScalingDisabled')),
      settled,
    ],
  },
  {
    name: 'by a metric that nobody tells',
    steps: [
      make(
        deployment('web', 1, asks('100m')),
        autoscaler({
          metrics: [
            {
              type: 'Pods',
              pods: { metric: { name: 'nothing' }, target: { type: 'AverageValue', averageValue: '1' } },
            },
          ],
        }),
      ),
      until(HPA, has('ScalingActive', 'False')),
      settled,
    ],
  },
  {
    name: 'two of one Deployment',
    steps: [
      ...measured(1, asks('100m')),
      make(autoscaler(cpu(80)), { ...autoscaler(cpu(80)), metadata: { name: 'again' } }),
      ...['web', 'again'].map((name) => until(`${HPAS}/${name}`, has('ScalingActive', 'False', 'AmbiguousSelector'))),
      settled,
    ],
  },
].map((one) => ({ field: 'HorizontalPodAutoscaler', ...one }));

export const adjusted: readonly Scenario[] = [
  {
    field: 'Pod',
    name: 'that is bound to a node that is not there',
    steps: [make(pod('lost', { spec: { nodeName: 'nowhere' } })), untilGone('pods/lost')],
  },
  {
    field: 'Pod',
    name: 'of which nothing is owned',
    steps: [
      make(pod('alone')),
      until('pods/alone', has('Ready')),
      patch('pods/alone', { metadata: { labels: { more: 'yes' } } }),
      settled,
    ],
  },
];
