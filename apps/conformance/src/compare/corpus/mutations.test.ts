import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { Random } from '@binnacle/testing-fuzz';
import { expect, it } from 'vitest';
import { chosen, mutated, mutationsOf, sampleOf } from './mutations.js';

const POD = 'io.k8s.api.core.v1.Pod';
const pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'nginx' }] } };
const found = mutationsOf(builtinSchemas, POD, pod);
const at = (name: string) => found.filter((mutation) => mutation.name.startsWith(`${name} `));

it('takes present fields away and gives them other values', () => {
  expect(at('spec.containers[0].image').map(({ value }) => value)).toEqual(
    expect.arrayContaining([undefined, null, '', 7]),
  );
});

it('gives absent fields a value of their type', () => {
  expect(at('spec.hostNetwork').map(({ value }) => value)).toEqual([true]);
  expect(at('spec.terminationGracePeriodSeconds').map(({ value }) => value)).toEqual([0]);
});

it('leaves alone what says the kind', () => {
  expect(found.filter(({ name }) => /^(apiVersion|kind|metadata\.namespace) /.test(name))).toEqual([]);
});

it('changes a copy', () => {
  const mutation = at('spec.containers[0].image')[0];
  if (!mutation) throw new Error('there is no such mutation');
  const changed = mutated(pod, mutation);
  expect(changed).toEqual({ metadata: { name: 'a' }, spec: { containers: [{ name: 'main' }] } });
  expect(pod.spec.containers[0]?.image).toBe('nginx');
});

it('fills what is required of a sample', () => {
  expect(sampleOf(builtinSchemas, { kind: 'object', name: 'io.k8s.api.core.v1.ContainerPort' })).toEqual({
    containerPort: 0,
  });
});

it('chooses the same for the same seed, in order, and no more than there is', () => {
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  const first = chosen(new Random(3), numbers, 10);
  expect(first).toEqual(chosen(new Random(3), numbers, 10));
  expect(first).toEqual([...first].sort((a, b) => a - b));
  expect(chosen(new Random(3), numbers, 99)).toEqual(numbers);
});
