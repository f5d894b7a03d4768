import { claimSpec, service, template, unready, volume, workload } from '../manifests.js';
import {
  at,
  both,
  counts,
  given,
  has,
  image,
  type Json,
  make,
  observed,
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

const DB = 'statefulsets.apps/db';
const headless = service('db', { clusterIP: 'None' });
const set = (replicas: number, spec: Json = {}, of?: Json) =>
  workload('StatefulSet', 'db', { replicas, serviceName: 'db', ...spec }, of);
const isRolled = (one: Json) => at(one, 'status.currentRevision') === at(one, 'status.updateRevision');

/** The smallest that is enough is taken first. */
const volumes = given(...[1, 2].map((size) => volume(`${size}`, { capacity: { storage: `${size}Gi` } })));
const claimed = (spec: Json = {}) =>
  set(2, { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec }], ...spec });

export const statefulSets: readonly Scenario[] = [
  {
    name: 'made and scaled, one after the other',
    steps: [make(headless, set(2)), ready(DB, 2), scale(DB, 3), ready(DB, 3), scale(DB, 1), ready(DB, 1)],
  },
  {
    name: 'made and scaled at once',
    steps: [make(headless, set(3, { podManagementPolicy: 'Parallel' })), ready(DB, 3), scale(DB, 1), ready(DB, 1)],
  },
  {
    name: 'waits for one that is not ready',
    steps: [
      make(headless, set(3, {}, template('db', { container: unready }))),
      until('pods/db-0', has('Ready', 'False')),
      settled,
    ],
  },
  {
    name: 'rolled',
    steps: [
      make(headless, set(3)),
      ready(DB, 3),
      image(DB, 'nginx:1.28'),
      until(DB, both(observed, isRolled, counts('readyReplicas', 3))),
    ],
  },
  {
    name: 'rolled down to a partition',
    steps: [
      make(headless, set(3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } })),
      ready(DB, 3),
      image(DB, 'nginx:1.28'),
      until(DB, both(observed, counts('updatedReplicas', 1), counts('readyReplicas', 3))),
      settled,
    ],
  },
  {
    name: 'changed where Pods are deleted by hand',
    steps: [
      make(headless, set(2, { updateStrategy: { type: 'OnDelete' } })),
      ready(DB, 2),
      image(DB, 'nginx:1.28'),
      until(DB, observed),
      settled,
      remove('pods/db-1'),
      until(DB, both(counts('updatedReplicas', 1), counts('readyReplicas', 2))),
    ],
  },
  {
    name: 'begins at another ordinal',
    steps: [make(headless, set(2, { ordinals: { start: 5 } })), ready(DB, 2), scale(DB, 1), ready(DB, 1)],
  },
  {
    name: 'with claims, which stay',
    steps: [...volumes, make(headless, claimed()), ready(DB, 2), scale(DB, 1), ready(DB, 1), settled],
  },
  {
    name: 'with claims, which go with their Pods',
    steps: [
      ...volumes,
      make(
        headless,
        claimed({ persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Delete' } }),
      ),
      ready(DB, 2),
      scale(DB, 1),
      untilGone('persistentvolumeclaims/data-db-1'),
      until('persistentvolumes/{ns}-2', phase('Released')),
      settled,
    ],
  },
  {
    name: 'a Pod that fails is made again',
    steps: [
      make(headless, set(1, {}, template('db', { spec: { activeDeadlineSeconds: 4 } }))),
      until('pods/db-0', phase('Running')),
      settled,
      scale(DB, 0),
      until(DB, both(observed, counts('replicas', 0))),
    ],
  },
  {
    name: 'deleted, and its Pods not',
    steps: [
      make(headless, set(2)),
      ready(DB, 2),
      remove(DB, 'Orphan'),
      untilGone(DB),
      untilAll('pods', (all) => all.length === 2),
      settled,
    ],
  },
].map((one) => ({ field: 'StatefulSet', ...one }));
