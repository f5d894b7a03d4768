import type { PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { expect, it } from 'vitest';
import { mountToken } from './token-volume.js';

const PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const generate = (base: string) => `${base}abcde`;
const container = (name: string, volumeMounts?: object[]) =>
  ({ name, image: 'i', ...(volumeMounts && { volumeMounts }) }) as PodSpec['containers'][number];

function mounted(spec: PodSpec): PodSpec {
  mountToken(spec, generate);
  return spec;
}

it('mounts one volume in every container', () => {
  const spec = mounted({ initContainers: [container('first')], containers: [container('a'), container('b')] });
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  for (const { volumeMounts } of all) {
    expect(volumeMounts).toEqual([{ name: 'kube-api-access-abcde', readOnly: true, mountPath: PATH }]);
  }
  expect(spec.volumes?.map(({ name }) => name)).toEqual(['kube-api-access-abcde']);
});

it('mounts nothing where something is mounted already, and then needs no volume', () => {
  const own = container('a', [{ name: 'own', mountPath: PATH }]);
  const spec = mounted({ containers: [own], volumes: [{ name: 'own', emptyDir: {} }] });
  expect(spec.containers[0]?.volumeMounts).toHaveLength(1);
  expect(spec.volumes).toHaveLength(1);
});

it('uses the volume that a Pod brings along, as a copy of another does', () => {
  const spec = mounted({ containers: [container('a')], volumes: [{ name: 'kube-api-access-12345', emptyDir: {} }] });
  expect(spec.containers[0]?.volumeMounts?.[0]?.name).toBe('kube-api-access-12345');
  expect(spec.volumes).toHaveLength(1);
});

it('keeps what else is mounted', () => {
  const spec = mounted({ containers: [container('a', [{ name: 'data', mountPath: '/data' }])] });
  expect(spec.containers[0]?.volumeMounts?.map(({ name }) => name)).toEqual(['data', 'kube-api-access-abcde']);
});
