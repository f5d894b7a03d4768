type Json = Record<string, unknown>;

/** Pods of one template in one namespace. */
export interface PodGroup {
  readonly namespace: string;
  readonly count: number;
  /** Besides a container that asks for what `cpu` says and 500Mi. */
  readonly metadata?: Json;
  readonly spec?: Json;
  readonly cpu: string;
}

/**
 * One of scheduler_perf's workloads. The numbers of Pods are those of its shorter forms, or fewer: two schedulers are to take their
 * turns within the hour on two cores.
 */
export interface Workload {
  readonly name: string;
  /** Values of the label `topology.kubernetes.io/zone`, in turns. */
  readonly zones: readonly string[];
  /** There before anybody schedules. */
  readonly initial: PodGroup;
  readonly measured: PodGroup;
  /** Made at a pace of one in so many milliseconds while others are measured. */
  readonly churn?: { readonly group: PodGroup; readonly everyMilliseconds: number };
}

const FIRST = 'sched-0';
const SECOND = 'sched-1';

const plain = (count: number): PodGroup => ({ namespace: FIRST, count, cpu: '100m' });

const spreading = (count: number): PodGroup => ({
  ...plain(count),
  metadata: { labels: { color: 'blue' } },
  spec: {
    topologySpreadConstraints: [
      {
        maxSkew: 5,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { color: 'blue' } },
      },
    ],
  },
});

const inZones = (count: number): PodGroup => ({
  ...plain(count),
  spec: {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['zone1', 'zone2'] }],
            },
          ],
        },
      },
    },
  },
});

const term = (color: string, topologyKey: string): Json => ({
  labelSelector: { matchLabels: { color } },
  topologyKey,
  namespaces: [SECOND, FIRST],
});

const near = (namespace: string, count: number): PodGroup => ({
  namespace,
  count,
  cpu: '100m',
  metadata: { labels: { color: 'blue' } },
  spec: {
    affinity: {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [term('blue', 'topology.kubernetes.io/zone')],
      },
    },
  },
});

const apart = (namespace: string, count: number): PodGroup => ({
  namespace,
  count,
  cpu: '100m',
  metadata: { labels: { color: 'green' } },
  spec: {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [term('green', 'kubernetes.io/hostname')],
      },
    },
  },
});

/** A class of value 10, which the templates of scheduler_perf ask for by number. */
export const HIGH_PRIORITY = 'bench-high';

const urgent = (count: number, cpu: string): PodGroup => ({
  namespace: FIRST,
  count,
  cpu,
  spec: { priorityClassName: HIGH_PRIORITY },
});

const lowly = (count: number): PodGroup => ({
  namespace: FIRST,
  count,
  cpu: '900m',
  spec: { terminationGracePeriodSeconds: 0 },
});

export const NODES = 5_000;

/** Behaves as kubernetes test/integration/scheduler_perf/{misc,affinity,topology_spreading}/performance-config.yaml. */
export const workloads: readonly Workload[] = [
  { name: 'SchedulingBasic', zones: [], initial: plain(1_000), measured: plain(1_000) },
  {
    name: 'TopologySpreading',
    zones: ['moon-1', 'moon-2', 'moon-3'],
    initial: plain(5_000),
    measured: spreading(500),
  },
  { name: 'SchedulingNodeAffinity', zones: ['zone1'], initial: inZones(5_000), measured: inZones(500) },
  { name: 'SchedulingPodAffinity', zones: ['zone1'], initial: near(FIRST, 5_000), measured: near(SECOND, 300) },
  { name: 'SchedulingPodAntiAffinity', zones: [], initial: apart(FIRST, 1_000), measured: apart(SECOND, 300) },
  { name: 'PreemptionBasic', zones: [], initial: lowly(4 * NODES), measured: urgent(200, '3') },
  {
    name: 'Unschedulable',
    zones: [],
    initial: plain(100),
    measured: plain(300),
    churn: { group: urgent(1, '9'), everyMilliseconds: 200 },
  },
];

/** The same with fewer nodes, and Pods in proportion: to see whether a workload works at all. */
export function scaled(workload: Workload, nodes: number): Workload {
  const share = (group: PodGroup): PodGroup => ({
    ...group,
    count: Math.max(1, Math.round((group.count * nodes) / NODES)),
  });
  return { ...workload, initial: share(workload.initial), measured: share(workload.measured) };
}
