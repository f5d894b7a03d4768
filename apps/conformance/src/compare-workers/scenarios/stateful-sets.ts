import {
  at,
  both,
  counts,
  has,
  type Json,
  make,
  object,
  observed,
  patch,
  phase,
  remove,
  type Scenario,
  settled,
  template,
  until,
  untilAll,
  untilGone,
  workload,
} from '../scenario.js';

const DB = 'statefulsets.apps/db';
const headless = object('Service', 'v1', 'db', {
  spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 80 }] },
});
const set = (replicas: number, spec: Json = {}, of?: Json) =>
  workload('StatefulSet', 'db', { replicas, serviceName: 'db', ...spec }, of);
const ready = (replicas: number) =>
  until(DB, both(observed, counts('readyReplicas', replicas), counts('replicas', replicas)));
const image = (name: string) =>
  patch(DB, { spec: { template: { spec: { containers: [{ name: 'main', image: name }] } } } });
const isRolled = (one: Json) => at(one, 'status.currentRevision') === at(one, 'status.updateRevision');
const scale = (replicas: number) => patch(DB, { spec: { replicas } });
const unready = template('db', { container: { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } } });

/** Volumes made by hand, which no provisioner has to make. */
const volumes = (count: number, name: string): Json[] =>
  Array.from({ length: count }, (_, number) =>
    object('PersistentVolume', 'v1', `${name}-${number}`, {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: name,
        hostPath: { path: `/data/${name}-${number}` },
      },
    }),
  );
const claimed = (storageClassName: string, spec: Json = {}) =>
  set(2, {
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...spec,
  });

export const statefulSets: readonly Scenario[] = [
  {
    name: 'made and scaled, one after the other',
    steps: [make(headless, set(2)), ready(2), scale(3), ready(3), scale(1), ready(1)],
  },
  {
    name: 'made and scaled at once',
    steps: [make(headless, set(3, { podManagementPolicy: 'Parallel' })), ready(3), scale(1), ready(1)],
  },
  {
    name: 'waits for one that is not ready',
    steps: [make(headless, set(3, {}, unready)), until('pods/db-0', has('Ready', 'False')), settled],
  },
  {
    name: 'rolled',
    steps: [
      make(headless, set(3)),
      ready(3),
      image('nginx:1.28'),
      until(DB, both(observed, isRolled, counts('readyReplicas', 3))),
    ],
  },
  {
    name: 'rolled down to a partition',
    steps: [
      make(headless, set(3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } })),
      ready(3),
      image('nginx:1.28'),
      until(DB, both(observed, counts('updatedReplicas', 1), counts('readyReplicas', 3))),
      settled,
    ],
  },
  {
    name: 'changed where Pods are deleted by hand',
    steps: [
      make(headless, set(2, { updateStrategy: { type: 'OnDelete' } })),
      ready(2),
      image('nginx:1.28'),
      until(DB, observed),
      settled,
      remove('pods/db-1'),
      until(DB, both(counts('updatedReplicas', 1), counts('readyReplicas', 2))),
    ],
  },
  {
    name: 'begins at another ordinal',
    steps: [make(headless, set(2, { ordinals: { start: 5 } })), ready(2), scale(1), ready(1)],
  },
  {
    name: 'with claims, which stay',
    steps: [make(headless, ...volumes(2, '{ns}'), claimed('{ns}')), ready(2), scale(1), ready(1), settled],
  },
  {
    name: 'with claims, which go with their Pods',
    steps: [
      make(
        headless,
        ...volumes(2, '{ns}'),
        claimed('{ns}', { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Delete' } }),
      ),
      ready(2),
      scale(1),
      untilGone('persistentvolumeclaims/data-db-1'),
      until('persistentvolumes/{ns}-0', (one) => ['Bound', 'Released'].includes(String(at(one, 'status.phase')))),
      settled,
    ],
  },
  {
    name: 'a Pod that fails is made again',
    steps: [
      make(headless, set(1, {}, template('db', { spec: { activeDeadlineSeconds: 4 } }))),
      until('pods/db-0', phase('Running')),
      settled,
      scale(0),
      until(DB, both(observed, counts('replicas', 0))),
    ],
  },
  {
    name: 'deleted, and its Pods not',
    steps: [
      make(headless, set(2)),
      ready(2),
      remove(DB, 'Orphan'),
      untilGone(DB),
      untilAll('pods', (all) => all.length === 2),
      settled,
    ],
  },
].map((one) => ({ field: 'StatefulSet', ...one }));
