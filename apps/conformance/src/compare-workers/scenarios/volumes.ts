import { claimSpec, object, pod, volume } from '../manifests.js';
import {
  at,
  given,
  has,
  make,
  type Json,
  patch,
  phase,
  remove,
  type Scenario,
  settled,
  until,
  untilGone,
} from '../scenario.js';

const claim = (spec: Json = {}) => object('PersistentVolumeClaim', 'v1', 'data', { spec: { ...claimSpec, ...spec } });
const DATA = 'persistentvolumeclaims/data';
const bound = until(DATA, phase('Bound'));
const user = pod('user', { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } });
const ofClass = (volumeBindingMode: string, provisioner = 'kubernetes.io/no-provisioner') =>
  object('StorageClass', 'storage.k8s.io/v1', '{ns}', { provisioner, volumeBindingMode });

export const volumes: readonly Scenario[] = [
  {
    name: 'a claim is given the smallest that is enough',
    steps: [
      ...given(
        volume('large', { capacity: { storage: '5Gi' } }),
        volume('fits', { capacity: { storage: '2Gi' } }),
        volume('small', { capacity: { storage: '500Mi' } }),
      ),
      make(claim()),
      bound,
      settled,
    ],
  },
  { name: 'a claim waits for a volume', steps: [make(claim()), settled, make(volume('late')), bound, settled] },
  {
    name: 'a claim is for a volume by its labels',
    steps: [
      ...given(volume('plain'), volume('gold', {}, { tier: 'gold' })),
      make(claim({ selector: { matchLabels: { tier: 'gold' } } })),
      bound,
      settled,
    ],
  },
  {
    name: 'a claim is for one volume by its name',
    steps: [...given(volume('one'), volume('two')), make(claim({ volumeName: '{ns}-two' })), bound, settled],
  },
  {
    name: 'a claim of another way to write is not given it',
    steps: [...given(volume('one')), make(claim({ accessModes: ['ReadWriteMany'] })), settled],
  },
  {
    name: 'a volume is released',
    steps: [
      ...given(volume('one')),
      make(claim()),
      bound,
      remove(DATA),
      untilGone(DATA),
      until('persistentvolumes/{ns}-one', phase('Released')),
      settled,
    ],
  },
  {
    name: 'a claim whose volume is gone is lost',
    steps: [
      ...given(volume('one')),
      make(claim()),
      bound,
      remove('persistentvolumes/{ns}-one'),
      patch('persistentvolumes/{ns}-one', { metadata: { finalizers: [] } }),
      until(DATA, phase('Lost')),
      settled,
    ],
  },
  {
    name: 'a claim in use is not deleted',
    steps: [
      ...given(volume('one')),
      make(claim()),
      bound,
      make(user),
      until('pods/user', has('Ready')),
      remove(DATA),
      settled,
      remove('pods/user'),
      untilGone(DATA),
      settled,
    ],
  },
  {
    name: 'a claim waits for its first user',
    steps: [
      ...given(volume('one')),
      make(ofClass('WaitForFirstConsumer'), claim()),
      settled,
      make(user),
      bound,
      until('pods/user', has('Ready')),
      settled,
    ],
  },
  {
    name: 'a claim waits for its first user, and nobody makes volumes',
    steps: [
      make(ofClass('WaitForFirstConsumer'), claim(), user),
      until('pods/user', has('PodScheduled', 'False')),
      settled,
    ],
  },
  {
    name: 'a claim waits for a provisioner elsewhere',
    steps: [
      make(ofClass('Immediate', 'example.com/elsewhere'), claim()),
      until(DATA, (one) => at(one, 'metadata.annotations') !== undefined),
      settled,
    ],
  },
  { name: 'a claim of a class that is not there', steps: [make(claim()), settled] },
  {
    name: 'a Pod makes its own claim',
    steps: [
      ...given(volume('one')),
      make(
        pod('user', {
          spec: { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: claimSpec } } }] },
        }),
      ),
      until('pods/user', has('Ready')),
      settled,
    ],
  },
].map((one) => ({ field: 'PersistentVolumeClaim', ...one }));
