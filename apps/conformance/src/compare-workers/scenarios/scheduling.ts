import { asks, job, pod, template, workload } from '../manifests.js';
import {
  at,
  both,
  counts,
  has,
  type Json,
  make,
  observed,
  OTHER_NODE,
  patch,
  POOL,
  type Scenario,
  settled,
  until,
  untilAll,
  untilGone,
} from '../scenario.js';

const stuck = (name = 'web') => until(`pods/${name}`, has('PodScheduled', 'False'));
const only = (spec: Json, container: Json = {}) => make(pod('web', { spec, container }));
const affinity = (kind: string, required: Json | readonly Json[]) => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: required } },
});
const term = (app: string) => ({ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } });
const spread = (more: Json = {}) => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
      ...more,
    },
  ],
});
const onOther = { nodeSelector: { 'kubernetes.io/hostname': OTHER_NODE } };

export const unschedulable: readonly Scenario[] = [
  { name: 'asks for more than any node has', steps: [only({}, asks('100')), stuck(), settled] },
  {
    name: 'asks for what no node tells of',
    steps: [only({}, { resources: { limits: { 'example.com/gpu': '1' } } }), stuck(), settled],
  },
  { name: 'wants a node that is not there', steps: [only({ nodeSelector: { no: 'where' } }), stuck(), settled] },
  {
    name: 'wants nodes by an affinity none has',
    steps: [
      only(
        affinity('nodeAffinity', { nodeSelectorTerms: [{ matchExpressions: [{ key: 'no', operator: 'Exists' }] }] }),
      ),
      stuck(),
      settled,
    ],
  },
  { name: 'wants to be near nobody', steps: [only(affinity('podAffinity', [term('nobody')])), stuck(), settled] },
  {
    name: 'wants to be apart from others of whom one is everywhere',
    steps: [
      make(
        workload(
          'Deployment',
          'web',
          { replicas: 4 },
          template('web', { spec: { ...affinity('podAntiAffinity', [term('web')]), nodeSelector: POOL } }),
        ),
      ),
      until('deployments.apps/web', counts('readyReplicas', 3)),
      settled,
    ],
  },
  {
    name: 'wants a port that is taken',
    steps: [
      make(pod('first', { spec: onOther, container: { ports: [{ containerPort: 80, hostPort: 8123 }] } })),
      until('pods/first', has('PodScheduled')),
      only(onOther, { ports: [{ containerPort: 80, hostPort: 8123 }] }),
      stuck(),
      settled,
    ],
  },
  {
    name: 'wants a claim that is not there',
    steps: [only({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'nothing' } }] }), stuck(), settled],
  },
  {
    name: 'waits at its gates',
    steps: [only({ schedulingGates: [{ name: 'example.com/one' }, { name: 'example.com/two' }] }), stuck(), settled],
  },
  {
    name: 'is let through its gates',
    steps: [
      only({ schedulingGates: [{ name: 'example.com/one' }] }),
      stuck(),
      patch('pods/web', { spec: { schedulingGates: null } }),
      until('pods/web', has('Ready')),
      settled,
    ],
  },
  { name: 'is another scheduler’s', steps: [only({ schedulerName: 'somebody-else' }), settled] },
  { name: 'is on its node already', steps: [only({ nodeName: 'worker-1' }), until('pods/web', has('Ready')), settled] },
  {
    name: 'is spread no further than it may',
    steps: [
      make(
        workload(
          'Deployment',
          'web',
          { replicas: 4 },
          template('web', {
            spec: { ...spread({ nodeTaintsPolicy: 'Honor' }), nodeSelector: { 'kubernetes.io/hostname': 'worker-1' } },
          }),
        ),
      ),
      until('deployments.apps/web', counts('readyReplicas', 4)),
      settled,
    ],
  },
  {
    name: 'can be spread over nothing',
    steps: [make(pod('web', { spec: spread({ topologyKey: 'example.com/rack' }) })), stuck(), settled],
  },
].map((one) => ({ field: 'scheduler', ...one }));

export const placed: readonly Scenario[] = [
  {
    name: 'is spread evenly',
    places: true,
    steps: [
      make(
        workload('Deployment', 'web', { replicas: 6 }, template('web', { spec: { ...spread(), nodeSelector: POOL } })),
      ),
      until('deployments.apps/web', both(observed, counts('readyReplicas', 6))),
      settled,
    ],
  },
  {
    name: 'has what it needs made free by others of less priority',
    alone: true,
    steps: [
      make(workload('Deployment', 'low', { replicas: 3 }, template('low', { spec: onOther, container: asks('1') }))),
      until('deployments.apps/low', counts('readyReplicas', 3)),
      make(pod('high', { spec: { ...onOther, priorityClassName: 'compare-high' }, container: asks('2') })),
      until('pods/high', has('Ready')),
      settled,
    ],
  },
  {
    name: 'would have others go, and must not',
    alone: true,
    steps: [
      make(workload('Deployment', 'low', { replicas: 3 }, template('low', { spec: onOther, container: asks('1') }))),
      until('deployments.apps/low', counts('readyReplicas', 3)),
      make(pod('high', { spec: { ...onOther, priorityClassName: 'compare-polite' }, container: asks('2') })),
      stuck('high'),
      settled,
    ],
  },
  {
    name: 'waits for a node that takes no more',
    alone: true,
    steps: [
      patch(`nodes/${OTHER_NODE}`, { spec: { unschedulable: true } }),
      { seconds: 1 },
      only(onOther),
      stuck(),
      settled,
      patch(`nodes/${OTHER_NODE}`, { spec: { unschedulable: false } }),
      until('pods/web', has('Ready')),
      settled,
    ],
  },
].map((one) => ({ field: 'scheduler', ...one }));

const TAINT = { key: 'example.com/out', value: 'now', effect: 'NoExecute' };
const taint = (taints: readonly Json[]) => patch(`nodes/${OTHER_NODE}`, { spec: { taints } });
const tolerates = (name: string, more: Json) =>
  pod(name, { spec: { ...onOther, tolerations: [{ key: 'example.com/out', operator: 'Exists', ...more }] } });

export const tainted: readonly Scenario[] = [
  {
    field: 'taints',
    name: 'drive out whoever does not tolerate them, at once or later',
    alone: true,
    steps: [
      make(
        pod('plain', { spec: onOther }),
        tolerates('forever', {}),
        tolerates('a-while', { effect: 'NoExecute', tolerationSeconds: 3 }),
        tolerates('otherwise', { effect: 'NoSchedule' }),
      ),
      ...['plain', 'forever', 'a-while', 'otherwise'].map((name) => until(`pods/${name}`, has('Ready'))),
      taint([TAINT]),
      untilGone('pods/plain'),
      untilGone('pods/a-while'),
      untilGone('pods/otherwise'),
      settled,
    ],
    undo: [taint([])],
  },
  {
    field: 'taints',
    name: 'that are taken off in time',
    alone: true,
    steps: [
      make(tolerates('a-while', { effect: 'NoExecute', tolerationSeconds: 30 })),
      until('pods/a-while', has('Ready')),
      taint([TAINT]),
      { seconds: 2 },
      taint([]),
      settled,
    ],
    undo: [taint([])],
  },
  {
    field: 'taints',
    name: 'a Job whose Pod is driven out',
    alone: true,
    steps: [
      make(job('work', 'sleep 1000', { backoffLimit: 2 }, onOther)),
      until('jobs.batch/work', counts('ready', 1)),
      taint([TAINT]),
      until('jobs.batch/work', (one) => at(one, 'status.failed') === 1),
      settled,
    ],
    undo: [taint([])],
  },
  {
    field: 'taints',
    name: 'a DaemonSet goes where it may not be',
    alone: true,
    steps: [
      taint([{ ...TAINT, effect: 'NoSchedule' }]),
      { seconds: 1 },
      make(workload('DaemonSet', 'agent', {}, template('agent', { spec: onOther }))),
      until('daemonsets.apps/agent', observed),
      settled,
      taint([]),
      until('daemonsets.apps/agent', counts('numberReady', 1)),
      untilAll('pods', (all) => all.length === 1),
    ],
    undo: [taint([])],
  },
];
