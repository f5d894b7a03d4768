import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import { expect, it } from 'vitest';
import type { PodSpec, PodTemplate } from '../index.js';
import { podTemplates } from './definition.js';

const template = (spec: Partial<PodSpec> = {}): PodTemplate => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 't', namespace: 'default' },
  template: { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } },
});
const stored = () => rehearseCreate(podTemplates, template()).object;
const OLD_LABEL = { 'beta.kubernetes.io/os': 'linux' };

it('completes the Pods of it, and starts at generation 1', () => {
  const { object, errors } = rehearseCreate(podTemplates, template());
  expect(errors).toEqual([]);
  expect(object).toMatchObject({ metadata: { generation: 1 }, template: { spec: { restartPolicy: 'Always' } } });
});

it('is checked as Pods are', () => {
  const { errors } = rehearseCreate(podTemplates, template({ restartPolicy: 'Sometimes' }));
  expect(errors.map(({ field }) => field)).toEqual(['template.spec.restartPolicy']);
});

it('counts what changes its Pods, and nothing else', () => {
  const old = stored();
  const labelled = { ...template(), metadata: { ...old.metadata, labels: { a: 'b' } } };
  expect(rehearseUpdate(podTemplates, labelled, old).object.metadata.generation).toBe(1);
  const other = { ...template({ restartPolicy: 'Never' }), metadata: { ...old.metadata } };
  expect(rehearseUpdate(podTemplates, other, old).object.metadata.generation).toBe(2);
});

it('warns of what its Pods would be warned of, once', () => {
  const { warnings } = podTemplates.strategy;
  const made = template({ nodeSelector: OLD_LABEL });
  const expected = [expect.stringMatching(/^template\.spec\.nodeSelector\[beta\.kubernetes\.io\/os\]: deprecated/)];
  expect(warnings?.(made as never)).toEqual(expected);
  expect(warnings?.(made as never, made as never)).toEqual([]);
  const changed = { ...made, metadata: { ...made.metadata, generation: 2 } };
  expect(warnings?.(changed as never, made as never)).toEqual(expected);
});
