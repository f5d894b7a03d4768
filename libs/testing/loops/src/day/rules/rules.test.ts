import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/client-rest';
import type { KubeObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../cluster/simulated-cluster.js';
import { clusterRules } from './cluster-rules.js';
import { podRules } from './pod-rules.js';
import { Snapshot } from './snapshot.js';
import { taskRules } from './task-rules.js';
import { workloadRules } from './workload-rules.js';

type Plural = keyof typeof refs;
type Json = Readonly<Record<string, unknown>>;
type Objects = Readonly<Partial<Record<Plural, readonly Json[]>>>;

const NOW = Date.UTC(2026, 2, 7, 18);
const LONG_AGO = new Date(NOW - 86_400_000).toISOString();
const rules = [...podRules, ...workloadRules, ...taskRules, ...clusterRules];

/** Its uid is its name. */
const one = (name: string, { metadata, ...rest }: Json = {}): Json => ({
  metadata: { name, namespace: 'team', uid: name, generation: 1, ...(metadata as Json | undefined) },
  ...rest,
});
const of = (uid: string, kind = 'ReplicaSet') => ({ ownerReferences: [{ uid, kind, controller: true }] });
const wide = (name: string, rest: Json = {}): Json => one(name, { ...rest, metadata: { namespace: undefined } });

const machine = (name: string, isHeard = true) => ({ name, isHeard, changedAt: 0 });
const machines = [machine('worker-1'), machine('worker-2')];
const ready = [{ type: 'Ready', status: 'True' }];
const allocatable = { cpu: '4', memory: '8Gi', pods: '110' };
const nodes = machines.map(({ name }) => wide(name, { status: { allocatable, conditions: ready } }));
const [firstNode = {}] = nodes;

interface PodParts {
  readonly owner?: string;
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly status?: Json;
}
const pod = (name: string, { owner, metadata, spec, status }: PodParts = {}): Json =>
  one(name, {
    metadata: { labels: { app: 'web' }, ...(owner && of(owner)), ...metadata },
    spec: { nodeName: 'worker-1', containers: [], ...spec },
    status: { phase: 'Running', podIP: `of ${name}`, conditions: ready, ...status },
  });
const ended = (type: string) => ({
  conditions: [{ type, status: 'True', lastTransitionTime: LONG_AGO }],
});

const well: Objects = {
  nodes,
  namespaces: [wide('team')],
  serviceaccounts: [one('default')],
  configmaps: [one('kube-root-ca.crt')],
  deployments: [
    one('web', {
      spec: { replicas: 1 },
      status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1, observedGeneration: 1 },
    }),
  ],
  replicasets: [
    one('web-1', {
      metadata: of('web', 'Deployment'),
      spec: { replicas: 1 },
      status: { replicas: 1, readyReplicas: 1 },
    }),
  ],
  statefulsets: [one('db', { spec: { replicas: 1 } })],
  daemonsets: [one('agent')],
  pods: [
    pod('web-1-a', { owner: 'web-1' }),
    pod('db-0', { owner: 'db', metadata: { labels: {} } }),
    ...machines.map(({ name }) =>
      pod(`agent-${name}`, { owner: 'agent', metadata: { labels: {} }, spec: { nodeName: name } }),
    ),
  ],
  services: [one('web', { spec: { selector: { app: 'web' } } })],
  endpointslices: [
    one('web-x', {
      metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [{ addresses: ['of web-1-a'], conditions: { ready: true } }],
    }),
  ],
  poddisruptionbudgets: [
    one('web', { spec: { selector: { matchLabels: { app: 'web' } } }, status: { currentHealthy: 1 } }),
  ],
  horizontalpodautoscalers: [one('web', { spec: { scaleTargetRef: { name: 'web' }, maxReplicas: 7 } })],
  resourcequotas: [
    one('all', { spec: { hard: { pods: '30' } }, status: { hard: { pods: '30' }, used: { pods: '4' } } }),
  ],
  jobs: [one('work', { metadata: of('tick', 'CronJob'), status: { succeeded: 1, ...ended('Complete') } })],
  cronjobs: [one('tick')],
  persistentvolumeclaims: [one('data', { spec: { storageClassName: 'simulated' }, status: { phase: 'Bound' } })],
  persistentvolumes: [wide('volume', { spec: { claimRef: { uid: 'data' } } })],
};

interface World {
  readonly objects: Objects;
  readonly machines?: readonly ReturnType<typeof machine>[];
}

/** What each rule is there for. */
const broken: Readonly<Record<string, World>> = {
  'a Pod that fits is placed': { objects: { nodes, pods: [pod('a', { spec: { nodeName: undefined } })] } },
  'no node is given more than it has': {
    objects: { nodes, pods: [pod('a', { spec: { containers: [{ resources: { requests: { cpu: '5' } } }] } })] },
  },
  'a Pod on its way out goes': { objects: { nodes, pods: [pod('a', { metadata: { deletionTimestamp: LONG_AGO } })] } },
  'a Pod that is placed starts': { objects: { nodes, pods: [pod('a', { status: { phase: 'Pending' } })] } },
  'a Pod that runs is ready': { objects: { nodes, pods: [pod('a', { status: { conditions: [] } })] } },
  'no Pod is on a node that is not': { objects: { nodes, pods: [pod('a', { spec: { nodeName: 'gone' } })] } },
  'Pods leave nodes that are lost': {
    objects: { nodes, pods: [pod('a')] },
    machines: [machine('worker-1', false), machine('worker-2')],
  },
  'nodes are known as they are': { objects: { nodes: [firstNode] } },
  'a ReplicaSet has as many Pods as it wants': { objects: { replicasets: [one('a', { spec: { replicas: 1 } })] } },
  'a ReplicaSet says what it has': {
    objects: { replicasets: [one('a', { spec: { replicas: 0 }, status: { replicas: 2 } })] },
  },
  'a Deployment says what it has': { objects: { deployments: [one('a', { status: { observedGeneration: 0 } })] } },
  'a roll-out ends': { objects: { deployments: [one('a', { spec: { replicas: 2 }, status: { replicas: 1 } })] } },
  'old ReplicaSets are cleared away': {
    objects: {
      deployments: [one('a', { spec: { revisionHistoryLimit: 0 } })],
      replicasets: ['a-1', 'a-2'].map((name) => one(name, { metadata: of('a'), spec: { replicas: 0 } })),
    },
  },
  'old revisions are cleared away': {
    objects: {
      statefulsets: [one('a', { spec: { revisionHistoryLimit: 0 } })],
      controllerrevisions: ['a-1', 'a-2', 'a-3'].map((name) => one(name, { metadata: of('a') })),
    },
  },
  'a StatefulSet has its members': { objects: { statefulsets: [one('a', { spec: { replicas: 1 } })] } },
  'a DaemonSet is on every node': { objects: { nodes, daemonsets: [one('a')] } },
  'an autoscaler keeps its limits': {
    objects: {
      deployments: [one('a', { spec: { replicas: 9 } })],
      horizontalpodautoscalers: [one('a', { spec: { scaleTargetRef: { name: 'a' }, maxReplicas: 7 } })],
    },
  },
  'Pods of ended Jobs are counted and let go': {
    objects: { pods: [pod('a', { metadata: { finalizers: ['batch.kubernetes.io/job-tracking'] } })] },
  },
  'a Job says what it has at work': { objects: { jobs: [one('a', { status: { active: 1 } })] } },
  'a Job ends': { objects: { jobs: [one('a')] } },
  'a complete Job is complete': { objects: { jobs: [one('a', { status: { succeeded: 0, ...ended('Complete') } })] } },
  'Jobs go when their time is over': {
    objects: { jobs: [one('a', { spec: { ttlSecondsAfterFinished: 60 }, status: ended('Failed') })] },
  },
  'a CronJob keeps so many Jobs': {
    objects: {
      cronjobs: [one('a', { spec: { successfulJobsHistoryLimit: 0 } })],
      jobs: [one('a-1', { metadata: of('a'), status: ended('Complete') })],
    },
  },
  'no quota is exceeded': {
    objects: { resourcequotas: [one('a', { spec: { hard: { pods: '0' } } })], pods: [pod('a')] },
  },
  'a quota says what is used': {
    objects: { resourcequotas: [one('a', { spec: { hard: { pods: '9' } }, status: { used: { pods: '7' } } })] },
  },
  'a budget says what is healthy': {
    objects: { poddisruptionbudgets: [one('a', { spec: { selector: {} }, status: { currentHealthy: 3 } })] },
  },
  'nothing outlives its owners': { objects: { pods: [pod('a', { owner: 'nobody' })] } },
  'what is to go goes': { objects: { deployments: [one('a', { metadata: { deletionTimestamp: LONG_AGO } })] } },
  'a Service leads to its Pods': {
    objects: { services: [one('a', { spec: { selector: { app: 'web' } } })], pods: [pod('a')] },
  },
  'claims are bound': {
    objects: {
      persistentvolumeclaims: [one('a', { spec: { storageClassName: 'simulated' }, status: { phase: 'Pending' } })],
    },
  },
  'volumes are claimed': { objects: { persistentvolumes: [wide('a', { spec: { claimRef: { uid: 'gone' } } })] } },
  'a namespace has what it must have': { objects: { namespaces: [wide('a')] } },
};

function snapshotOf(world: World): Snapshot {
  const all = (ref: ResourceRef): KubeObject[] => {
    const plural = Object.entries(refs).find(([, known]) => known === ref)?.[0] as Plural;
    return (world.objects[plural] ?? []) as unknown as KubeObject[];
  };
  const view = {
    list: (ref: ResourceRef, namespace?: string) =>
      all(ref).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
    get: (ref: ResourceRef, name: string) => all(ref).find(({ metadata }) => metadata.name === name),
  };
  const there = new Map((world.machines ?? machines).map((each) => [each.name, each]));
  const cluster = { now: NOW, view, machines: there, scheduler: { isRunning: true } };
  return new Snapshot(cluster as unknown as SimulatedCluster);
}

describe('rules', () => {
  it('each have something here that breaks them', () => {
    expect(Object.keys(broken).sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s: is found where it is not so', (name, rule) => {
    expect([...rule.find(snapshotOf(broken[name] ?? { objects: {} }))]).not.toEqual([]);
  });

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s: is not found where all is well', (_, rule) => {
    expect([...rule.find(snapshotOf({ objects: well }))]).toEqual([]);
  });
});
