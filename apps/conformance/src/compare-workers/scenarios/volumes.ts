import {
  at,
  has,
  type Json,
  make,
  object,
  patch,
  phase,
  pod,
  remove,
  type Scenario,
  settled,
  until,
  untilGone,
} from '../scenario.js';

const volume = (name: string, spec: Json = {}) =>
  object('PersistentVolume', 'v1', `{ns}-${name}`, {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '{ns}',
      hostPath: { path: `/data/${name}` },
      ...spec,
    },
  });
const claim = (spec: Json = {}, storage = '1Gi') =>
  object('PersistentVolumeClaim', 'v1', 'data', {
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '{ns}', resources: { requests: { storage } }, ...spec },
  });
const DATA = 'persistentvolumeclaims/data';
const bound = until(DATA, phase('Bound'));
const user = pod('user', { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } });
const ofClass = (volumeBindingMode: string, provisioner = 'kubernetes.io/no-provisioner') =>
  object('StorageClass', 'storage.k8s.io/v1', '{ns}', { provisioner, volumeBindingMode });

export const volumes: readonly Scenario[] = [
  {
    name: 'a claim is given the smallest that is enough',
    steps: [
      make(
        volume('large', { capacity: { storage: '5Gi' } }),
        volume('fits', { capacity: { storage: '2Gi' } }),
        volume('small', { capacity: { storage: '500Mi' } }),
        claim(),
      ),
      bound,
      settled,
    ],
  },
  { name: 'a claim waits for a volume', steps: [make(claim()), settled, make(volume('late')), bound, settled] },
  {
    name: 'a claim is for a volume by its labels',
    steps: [
      make(
        volume('plain'),
        { ...volume('gold'), metadata: { name: '{ns}-gold', labels: { tier: 'gold' } } },
        claim({ selector: { matchLabels: { tier: 'gold' } } }),
      ),
      bound,
      settled,
    ],
  },
  {
    name: 'a claim is for one volume by its name',
    steps: [make(volume('one'), volume('two'), claim({ volumeName: '{ns}-two' })), bound, settled],
  },
  {
    name: 'a claim of another way to write is not given it',
    steps: [make(volume('one'), claim({ accessModes: ['ReadWriteMany'] })), settled],
  },
  {
    name: 'a volume is released',
    steps: [
      make(volume('one'), claim()),
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
      make(volume('one'), claim()),
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
      make(volume('one'), claim(), user),
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
      make(ofClass('WaitForFirstConsumer'), volume('one'), claim()),
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
      make(
        volume('one'),
        pod('user', {
          spec: {
            volumes: [
              {
                name: 'scratch',
                ephemeral: {
                  volumeClaimTemplate: {
                    spec: {
                      accessModes: ['ReadWriteOnce'],
                      storageClassName: '{ns}',
                      resources: { requests: { storage: '1Gi' } },
                    },
                  },
                },
              },
            ],
          },
        }),
      ),
      until('pods/user', has('Ready')),
      settled,
    ],
  },
].map((one) => ({ field: 'PersistentVolumeClaim', ...one }));
