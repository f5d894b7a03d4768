import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/machinery-meta';
import { pod } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { sheetOf } from '../testing/kind-sheet.js';
import { type RenderOptions, text } from '../testing/render.js';
import { kindView } from './kind-views.js';

let side: PageSide;
beforeAll(async () => {
  side = await PageSide.start();
});
afterAll(() => side.end());

interface Sample {
  readonly ref: ResourceRef;
  readonly fields: object;
  readonly status?: object;
  /** What its page says, panels included. */
  readonly says: readonly string[];
  readonly stands?: string;
}

const backend = { service: { name: 'web', port: { number: 80 } } };
const template = {
  metadata: { labels: { app: 'a' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
};
const SAMPLES: Readonly<Record<string, Sample>> = {
  'cronjobs.batch': {
    ref: refs.cronjobs,
    fields: { spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template } } } },
    stands: 'idle Suspended',
    says: ['Allow', '3 successful, 1 failed'],
  },
  'ingresses.networking.k8s.io': {
    ref: refs.ingresses,
    fields: {
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: ['shop.example'], secretName: 'cert' }],
        rules: [{ host: 'shop.example', http: { paths: [{ path: '/api', pathType: 'Prefix', backend }] } }],
      },
    },
    says: ['shop.example /api Prefix web :80', 'shop.example (cert)', 'nginx'],
  },
  'horizontalpodautoscalers.autoscaling': {
    ref: refs.horizontalpodautoscalers,
    fields: {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        maxReplicas: 5,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    },
    status: {
      desiredReplicas: 3,
      currentReplicas: 2,
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 95, averageValue: '9m' } } },
      ],
      conditions: [{ type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: '' }],
    },
    stands: 'ok ScalingActive',
    says: ['cpu 95% 80%', '2 now, 3 wanted'],
  },
  'networkpolicies.networking.k8s.io': {
    ref: refs.networkpolicies,
    fields: {
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, { namespaceSelector: {} }],
            ports: [{ port: 80, endPort: 90 }],
          },
        ],
      },
    },
    says: ['10.0.0.0/8 but 10.1.0.0/16 namespaces *', '80-90/TCP', 'Nothing is let through in this direction'],
  },
  persistentvolumeclaims: {
    ref: refs.persistentvolumeclaims,
    fields: {
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
    },
    stands: 'progress Pending',
    says: ['storage=1Gi', 'fast'],
  },
  'storageclasses.storage.k8s.io': {
    ref: refs.storageclasses,
    fields: { provisioner: 'x.example/y', parameters: { type: 'ssd' } },
    says: ['type=ssd'],
  },
  'clusterroles.rbac.authorization.k8s.io': {
    ref: refs.clusterroles,
    fields: { rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] }] },
    says: ['May get and list deployments.apps'],
  },
  'rolebindings.rbac.authorization.k8s.io': {
    ref: refs.rolebindings,
    fields: {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'ServiceAccount', name: 'robot', namespace: 'default' },
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' },
      ],
    },
    says: ['ServiceAccount robot default', 'User ann', 'view'],
  },
  resourcequotas: {
    ref: refs.resourcequotas,
    fields: { spec: { hard: { pods: '4' } } },
    status: { hard: { pods: '4' }, used: { pods: '4' } },
    says: ['pods 4 of 4'],
  },
  limitranges: {
    ref: refs.limitranges,
    fields: { spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }] } },
    says: ['Container cpu – – 100m 500m'],
  },
  'priorityclasses.scheduling.k8s.io': {
    ref: refs.priorityclasses,
    fields: { value: 7, description: 'for the night' },
    says: ['for the night', 'PreemptLowerPriority'],
  },
  'runtimeclasses.node.k8s.io': {
    ref: refs.runtimeclasses,
    fields: { handler: 'kata', overhead: { podFixed: { cpu: '10m' } } },
    says: ['cpu=10m'],
  },
};

/** The object as the server keeps it. */
async function kept(id: string): Promise<UnstructuredObject> {
  const { ref, fields, status } = SAMPLES[id] as Sample;
  const { group, version, kind } = ref;
  const apiVersion = group ? `${group}/${version}` : version;
  const objects = side.objects<KubeObject>(ref);
  const found =
    (await objects.find('one')) ??
    (await objects.create({ apiVersion, kind, metadata: { name: 'one' }, ...fields } as KubeObject));
  return (status ? await objects.change('one', { status }, 'status') : found) as UnstructuredObject;
}

/** Facts and panels of its page, in words. */
async function page(id: string, options: RenderOptions = {}): Promise<string> {
  const object = await kept(id);
  const view = kindView(id);
  const panels = (view.panels ?? []).map((Panel, index) => (
    <Panel key={index} object={object} around={NO_SURROUNDINGS} />
  ));
  return [...Object.values(sheetOf(id, object, options).facts), text(<>{panels}</>, options)].join(' | ');
}

describe.each(Object.entries(SAMPLES))('%s as the server keeps them', (id, { says, stands }) => {
  test('say what kubectl describe says', async () => {
    const said = await page(id);
    for (const words of says) expect(said).toContain(words);
    if (stands) expect(sheetOf(id, await kept(id)).status).toContain(stands);
  });

  test.each(LOCALES)('are told without a gap (%s)', async (locale) => {
    expect(await page(id, { locale })).not.toMatch(/\bundefined\b|\bNaN\b|\[object |Invalid Date/);
  });
});

test('a claim, a class and an account have the Pods that use them', () => {
  const related = (id: string, name: string) => {
    const object = { apiVersion: 'v1', kind: 'X', metadata: { name, namespace: 'default' } } as UnstructuredObject;
    return kindView(id).related?.(object, ((key: string) => key) as never)[0]?.keeps;
  };
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
  const user = pod({ spec: { volumes, priorityClassName: 'high', runtimeClassName: 'kata' } });
  const untyped = user as unknown as UnstructuredObject;
  expect(related('persistentvolumeclaims', 'data')?.(untyped)).toBe(true);
  expect(related('persistentvolumeclaims', 'other')?.(untyped)).toBe(false);
  expect(related('priorityclasses.scheduling.k8s.io', 'high')?.(untyped)).toBe(true);
  expect(related('runtimeclasses.node.k8s.io', 'runc')?.(untyped)).toBe(false);
});

test.each([
  [[], 'Pending'],
  [['Approved'], 'Approved'],
  [['Denied'], 'Denied'],
  [['Approved', 'Failed'], 'Failed'],
])('a request with %j is %s', (types, label) => {
  const conditions = types.map((type) => ({ type, status: 'True' }));
  const object = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'X',
    metadata: { name: 'r' },
    spec: {},
    status: { conditions },
  };
  const view = kindView('certificatesigningrequests.certificates.k8s.io');
  expect(view.status?.(object as never, NO_SURROUNDINGS)?.label).toBe(label);
});
