import {
  configMap,
  deployment,
  endpointSlice,
  event,
  lease,
  namespace,
  node,
  podDisruptionBudget,
  replicaSet,
  replicationController,
  runningPod,
  secret,
  service,
} from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { describe, expect, test } from 'vitest';
import type { Translate } from '../messages/index.js';
import { text } from '../testing/render.js';
import { type KindView, NO_SURROUNDINGS, type Surroundings } from '../view/kind-view.js';
import { statusOf } from '../view/status-of.js';
import { kindView, VIEWS } from './kind-views.js';

const NOW = Date.UTC(2026, 0, 2);
const around: Surroundings = {
  now: NOW,
  lostNodes: new Set(),
  endpoints: new Map([['default/web', { ready: 2, total: 3 }]]),
};
const untyped = (object: object) => object as unknown as UnstructuredObject;
const of = (apiVersion: string, kind: string, rest: object = {}) =>
  untyped({
    apiVersion,
    kind,
    metadata: { name: 'one', namespace: 'default', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
    ...rest,
  });

const template = { spec: { containers: [{ name: 'main', image: 'nginx:1.29' }] } };
const IAM = 'iam.binnacle.dev/v1';
const OBJECTS: Readonly<Record<string, UnstructuredObject>> = {
  'users.iam.binnacle.dev': of(IAM, 'User', {
    spec: { displayName: 'Ada', email: 'ada@example.com' },
    status: { mustChangePassword: true, lastSignIn: '2026-01-01T00:00:00Z' },
  }),
  'teams.iam.binnacle.dev': of(IAM, 'Team', { spec: { displayName: 'Blue', members: ['ada', 'grace'] } }),
  'invitations.iam.binnacle.dev': of(IAM, 'Invitation', {
    spec: { displayName: 'Grace', teams: ['blue'], expiresAt: '2026-01-08T00:00:00Z' },
    status: { phase: 'Pending' },
  }),
  nodes: untyped(node()),
  namespaces: untyped(namespace()),
  pods: untyped(runningPod('node-1', '10.244.0.1')),
  services: untyped(service()),
  'endpointslices.discovery.k8s.io': untyped(endpointSlice()),
  'deployments.apps': untyped(
    deployment({ status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 } }),
  ),
  'replicasets.apps': untyped(replicaSet()),
  replicationcontrollers: untyped(replicationController()),
  'statefulsets.apps': of('apps/v1', 'StatefulSet', {
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 1 },
  }),
  'daemonsets.apps': of('apps/v1', 'DaemonSet', {
    spec: { template },
    status: { desiredNumberScheduled: 3, numberReady: 2 },
  }),
  'jobs.batch': of('batch/v1', 'Job', { spec: { completions: 3, template }, status: { succeeded: 1 } }),
  'cronjobs.batch': of('batch/v1', 'CronJob', { spec: { schedule: '* * * * *' }, status: { active: [{}] } }),
  'horizontalpodautoscalers.autoscaling': of('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3, metrics: [{ type: 'Resource' }] },
    status: { conditions: [{ type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' }] },
  }),
  'ingresses.networking.k8s.io': of('networking.k8s.io/v1', 'Ingress', {
    spec: { defaultBackend: { service: { name: 'web', port: { name: 'http' } } }, rules: [{ host: 'a.example' }] },
  }),
  'networkpolicies.networking.k8s.io': of('networking.k8s.io/v1', 'NetworkPolicy', {
    spec: { podSelector: {}, egress: [{ to: [{ podSelector: {} }] }, {}], policyTypes: ['Egress'] },
  }),
  'certificatesigningrequests.certificates.k8s.io': of('certificates.k8s.io/v1', 'CertificateSigningRequest', {
    spec: { signerName: 's', request: '' },
    status: { certificate: 'x', conditions: [{ type: 'Approved', status: 'True' }] },
  }),
  'roles.rbac.authorization.k8s.io': of('rbac.authorization.k8s.io/v1', 'Role', {
    rules: [{ nonResourceURLs: ['/healthz'], verbs: ['get'] }],
  }),
  'clusterroles.rbac.authorization.k8s.io': of('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [] }),
  'rolebindings.rbac.authorization.k8s.io': of('rbac.authorization.k8s.io/v1', 'RoleBinding', {
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'Group', name: 'g' }],
  }),
  'clusterrolebindings.rbac.authorization.k8s.io': of('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', {
    roleRef: { kind: 'ClusterRole', name: 'r' },
  }),
  'priorityclasses.scheduling.k8s.io': of('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }),
  'runtimeclasses.node.k8s.io': of('node.k8s.io/v1', 'RuntimeClass', { handler: 'h' }),
  resourcequotas: of('v1', 'ResourceQuota', { spec: { hard: { pods: '2' } } }),
  limitranges: of('v1', 'LimitRange', { spec: { limits: [{ type: 'Pod', max: { cpu: '1' } }] } }),
  'storageclasses.storage.k8s.io': of('storage.k8s.io/v1', 'StorageClass', { provisioner: 'p' }),
  'poddisruptionbudgets.policy': untyped(podDisruptionBudget()),
  configmaps: untyped(configMap()),
  secrets: untyped(secret()),
  'leases.coordination.k8s.io': untyped(lease()),
  events: untyped(event()),
  'events.events.k8s.io': of('events.k8s.io/v1', 'Event', {
    regarding: { kind: 'Pod', name: 'p' },
    reason: 'Started',
    note: 'it began',
    type: 'Normal',
  }),
  persistentvolumes: of('v1', 'PersistentVolume'),
  persistentvolumeclaims: of('v1', 'PersistentVolumeClaim'),
  'customresourcedefinitions.apiextensions.k8s.io': of('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
    spec: { group: 'example.com', names: { plural: 'widgets', kind: 'Widget' }, scope: 'Namespaced', versions: [] },
  }),
};
/** An object of which nothing is known but that it is there. */
const bareOf = ({ apiVersion, kind }: UnstructuredObject): UnstructuredObject => ({
  apiVersion,
  kind,
  metadata: { name: 'bare' },
});

interface Shown {
  readonly view: KindView;
  readonly object: UnstructuredObject;
  readonly around?: Surroundings;
}

/** All that a kind's view says of an object, in lists and on its page. */
function Everything({ view, object, around: seen = around }: Shown) {
  const t = useTranslations() as unknown as Translate;
  const status = statusOf(view, object, seen);
  return (
    <dl>
      <dt>status</dt>
      <dd>{status?.label}</dd>
      {view
        .columns?.(t, seen)
        .map((column) => [
          <dt key={column.id}>{column.title}</dt>,
          <dd key={`${column.id} value`}>{column.cell(object)}</dd>,
        ])}
      {view
        .facts?.(object, t)
        .map(({ label, value }) => [<dt key={label}>{label}</dt>, <dd key={`${label} value`}>{value}</dd>])}
      {view.panels?.map((Panel, at) => (
        <Panel key={at} object={object} around={seen} />
      ))}
      {view.related?.(object, t).map(({ title, empty }) => (
        <dd key={title}>{`${title} ${empty}`}</dd>
      ))}
      <dd>{view.actions?.loss?.text(t, object, undefined)}</dd>
    </dl>
  );
}
const all = (
  id: string,
  object: UnstructuredObject,
  options: { locale?: 'en' | 'zh-CN'; around?: Surroundings } = {},
) =>
  text(<Everything view={kindView(id)} object={object} around={options.around} />, {
    locale: (options.locale ?? 'en') as never,
  });

/** What a page says where something was not thought of. */
const NONSENSE = /\bundefined\b|\bNaN\b|\[object |Invalid Date|\bnull\b/;

test('every kind that has a view is looked at here', () => {
  expect(Object.keys(OBJECTS).sort()).toEqual(Object.keys(VIEWS).sort());
});

describe.each(Object.entries(OBJECTS))('%s', (id, object) => {
  test('is told in words, in either language', () => {
    expect(all(id, object)).not.toMatch(NONSENSE);
    expect(all(id, object, { locale: 'zh-CN' })).not.toMatch(NONSENSE);
  });

  test('is told also where next to nothing is known of it', () => {
    expect(all(id, bareOf(object), { around: NO_SURROUNDINGS })).not.toMatch(NONSENSE);
    expect(all(id, { ...bareOf(object), spec: {}, status: {} }, { around: NO_SURROUNDINGS })).not.toMatch(NONSENSE);
  });

  test('has columns whose values can be put in order and found by a filter', () => {
    const t = ((key: string) => key) as unknown as Translate;
    for (const column of kindView(id).columns?.(t, around) ?? []) {
      for (const each of [object, bareOf(object)]) {
        expect(['string', 'number']).toContain(typeof column.value(each));
        expect(column.told?.(each) ?? '').not.toMatch(NONSENSE);
      }
    }
  });
});
