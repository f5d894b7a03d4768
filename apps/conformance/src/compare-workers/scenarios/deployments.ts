import { asks, object, pod, template, unready, workload } from '../manifests.js';
import {
  at,
  both,
  counts,
  has,
  image,
  make,
  observed,
  patch,
  phase,
  ready,
  remove,
  scale,
  type Scenario,
  settled,
  until,
  untilAll,
  untilGone,
} from '../scenario.js';

const WEB = 'deployments.apps/web';
const deployment = (replicas: number, spec = {}, of?: ReturnType<typeof template>) =>
  workload('Deployment', 'web', { replicas, ...spec }, of);
const rolled = (replicas: number) =>
  until(
    WEB,
    both(
      observed,
      counts('updatedReplicas', replicas),
      counts('replicas', replicas),
      counts('availableReplicas', replicas),
    ),
  );
const stuck = template('web', { container: unready });

export const deployments: readonly Scenario[] = [
  {
    name: 'made, and scaled up and down',
    steps: [make(deployment(2)), ready(WEB, 2), scale(WEB, 4), ready(WEB, 4), scale(WEB, 1), ready(WEB, 1)],
  },
  {
    name: 'scaled to nothing',
    steps: [make(deployment(2)), ready(WEB, 2), scale(WEB, 0), until(WEB, both(observed, counts('replicas', 0)))],
  },
  { name: 'rolled', steps: [make(deployment(3)), ready(WEB, 3), image(WEB, 'nginx:1.28'), rolled(3)] },
  {
    name: 'rolled one after the other, with nothing above',
    steps: [
      make(deployment(3, { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } })),
      ready(WEB, 3),
      image(WEB, 'nginx:1.28'),
      rolled(3),
    ],
  },
  {
    name: 'made anew',
    steps: [
      make(deployment(2, { strategy: { type: 'Recreate' } })),
      ready(WEB, 2),
      image(WEB, 'nginx:1.28'),
      rolled(2),
    ],
  },
  {
    name: 'a rollout that does not come to its end',
    steps: [
      make(deployment(2, { progressDeadlineSeconds: 4 })),
      ready(WEB, 2),
      patch(WEB, { spec: { template: stuck } }),
      until(WEB, has('Progressing', 'False', 'ProgressDeadlineExceeded')),
    ],
  },
  {
    name: 'rolled back',
    steps: [
      make(deployment(2)),
      ready(WEB, 2),
      image(WEB, 'nginx:1.28'),
      rolled(2),
      image(WEB, 'nginx:1.27'),
      rolled(2),
    ],
  },
  {
    name: 'changed and scaled while paused, and resumed',
    steps: [
      make(deployment(2)),
      ready(WEB, 2),
      patch(WEB, { spec: { paused: true } }),
      until(WEB, has('Progressing', 'Unknown', 'DeploymentPaused')),
      image(WEB, 'nginx:1.28'),
      scale(WEB, 3),
      ready(WEB, 3),
      settled,
      patch(WEB, { spec: { paused: false } }),
      rolled(3),
    ],
  },
  {
    name: 'scaled in the middle of a rollout',
    steps: [
      make(deployment(4)),
      ready(WEB, 4),
      patch(WEB, { spec: { template: stuck } }),
      until(WEB, counts('updatedReplicas', 2)),
      settled,
      scale(WEB, 8),
      until(WEB, both(observed, counts('replicas', 10))),
      settled,
    ],
  },
  {
    name: 'old revisions are forgotten',
    steps: [
      make(deployment(1, { revisionHistoryLimit: 1 })),
      ready(WEB, 1),
      ...['1.28', '1.29', '1.30'].flatMap((tag) => [image(WEB, `nginx:${tag}`), rolled(1)]),
      untilAll('replicasets.apps', (all) => all.length === 2),
    ],
  },
  {
    name: 'refused by a quota',
    steps: [
      make(object('ResourceQuota', 'v1', 'few', { spec: { hard: { pods: '1' } } })),
      until('resourcequotas/few', (one) => at(one, 'status.hard.pods') !== undefined),
      make(deployment(3)),
      until(WEB, has('ReplicaFailure')),
      settled,
    ],
  },
  {
    name: 'refused by validation of what its template asks for',
    steps: [
      make(
        object('LimitRange', 'v1', 'small', {
          spec: { limits: [{ type: 'Container', max: { cpu: '100m' }, default: { cpu: '50m' } }] },
        }),
      ),
      make(deployment(1, {}, template('web', { container: { resources: { limits: { cpu: '2' } } } }))),
      until(WEB, has('ReplicaFailure')),
      settled,
    ],
  },
  {
    name: 'available only after a while',
    steps: [make(deployment(2, { minReadySeconds: 4 })), rolled(2)],
  },
].map((one) => ({ field: 'Deployment', ...one }));

const SET = 'replicasets.apps/web';
const replicaSet = (replicas: number, of?: ReturnType<typeof template>) =>
  workload('ReplicaSet', 'web', { replicas }, of);

export const replicaSets: readonly Scenario[] = [
  {
    name: 'takes Pods that fit, and lets go those that fit no more',
    steps: [
      make(pod('web-orphan', { labels: { app: 'web' } })),
      until('pods/web-orphan', has('Ready')),
      make(replicaSet(2)),
      until(SET, counts('readyReplicas', 2)),
      patch('pods/web-orphan', { metadata: { labels: { app: 'other' } } }),
      untilAll('pods', (all) => all.length === 3),
      until(SET, counts('readyReplicas', 2)),
    ],
  },
  {
    name: 'scaled down by the cost of deletion, and whoever is not ready first',
    steps: [
      make(
        pod('web-cheap', { labels: { app: 'web' } }),
        pod('web-dear', { labels: { app: 'web' } }),
        pod('web-middle', { labels: { app: 'web' } }),
        pod('web-unready', { labels: { app: 'web' }, container: unready }),
        pod('web-unplaced', { labels: { app: 'web' }, spec: { nodeSelector: { no: 'where' } } }),
      ),
      ...['cheap', 'dear', 'middle'].map((name) => until(`pods/web-${name}`, has('Ready'))),
      until('pods/web-unready', has('Ready', 'False')),
      patch('pods/web-cheap', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '-5' } } }),
      patch('pods/web-dear', { metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '9' } } }),
      make(replicaSet(5)),
      until(SET, both(observed, counts('replicas', 5), counts('readyReplicas', 3))),
      scale(SET, 2),
      untilAll('pods', (all) => all.length === 2),
      until(SET, both(observed, counts('replicas', 2))),
    ],
  },
  {
    name: 'makes a Pod again that was deleted, and one that failed',
    steps: [
      make(
        replicaSet(
          1,
          template('web', {
            container: { image: 'busybox', command: ['sh', '-c', 'sleep 1000'] },
            spec: { activeDeadlineSeconds: 5 },
          }),
        ),
      ),
      untilAll('pods', (all) => all.some(phase('Failed'))),
      settled,
      scale(SET, 0),
      until(SET, both(observed, counts('replicas', 0))),
    ],
  },
  {
    name: 'deleted, and what it owned with it',
    steps: [
      make(replicaSet(2)),
      until(SET, counts('readyReplicas', 2)),
      remove(SET, 'Background'),
      untilGone(SET),
      untilAll('pods', (all) => all.length === 0),
    ],
  },
].map((one) => ({ field: 'ReplicaSet', ...one }));

export const replicationControllers: readonly Scenario[] = [
  {
    field: 'ReplicationController',
    name: 'made, and scaled',
    steps: [
      make(
        object('ReplicationController', 'v1', 'web', {
          spec: { replicas: 2, selector: { app: 'web' }, template: template('web', { container: asks('10m') }) },
        }),
      ),
      until('replicationcontrollers/web', counts('readyReplicas', 2)),
      scale('replicationcontrollers/web', 1),
      until('replicationcontrollers/web', both(observed, counts('replicas', 1))),
    ],
  },
];
