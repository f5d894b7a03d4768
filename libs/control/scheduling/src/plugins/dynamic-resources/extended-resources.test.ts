import type { Container, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { deviceClass, node, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { classOfResource, ExtendedResources } from './extended-resources.js';

const GPU = 'example.com/gpu';
const container = (name: string, gpus: number, more: Partial<Container> = {}): Container => ({
  name,
  resources: { requests: { cpu: '1', ...(gpus > 0 && { [GPU]: String(gpus) }) } },
  ...more,
});
const demandOf = (spec: Partial<PodSpec>, allocatable: Record<string, string> = {}) =>
  new ExtendedResources(pod({ metadata: { name: 'p' }, spec: spec as never }), new Map([[GPU, deviceClass()]])).on(
    node({ status: { allocatable } }),
  );
/** Requests as `name x count`, and which of them is whose. */
function summary(spec: Partial<PodSpec>): [string[], string[]] {
  const { claim, mappings } = demandOf(spec) ?? { claim: undefined, mappings: [] };
  const requests = claim?.spec.devices?.requests ?? [];
  return [
    requests.map(({ name, exactly }) => `${name} x ${exactly?.count}`),
    mappings.map(({ containerName, requestName }) => `${containerName} ${requestName}`),
  ];
}

describe('what a Pod asks for as extended resources', () => {
  test.each<[string, Partial<PodSpec>, string[], string[]]>([
    [
      'is a request for each container',
      { containers: [container('a', 1), container('b', 0), container('c', 2)] },
      ['container-0-request-1 x 1', 'container-2-request-1 x 2'],
      ['a container-0-request-1', 'c container-2-request-1'],
    ],
    [
      'is shared with a container that ends before',
      { initContainers: [container('i', 1)], containers: [container('a', 2)] },
      ['container-1-request-1 x 2'],
      ['a container-1-request-1', 'i container-1-request-1'],
    ],
    [
      'is more where that needs more than is left to it',
      { initContainers: [container('i', 3)], containers: [container('a', 1)] },
      ['container-0-request-1 x 2', 'container-1-request-1 x 1'],
      ['a container-1-request-1', 'i container-1-request-1', 'i container-0-request-1'],
    ],
    [
      'is the most of those that end before',
      { initContainers: [container('i', 1), container('j', 2)], containers: [container('a', 0)] },
      ['container-1-request-1 x 2'],
      ['i container-1-request-1', 'j container-1-request-1'],
    ],
    [
      'is a sidecar’s own',
      { initContainers: [container('s', 1, { restartPolicy: 'Always' })], containers: [container('a', 1)] },
      ['container-0-request-1 x 1', 'container-1-request-1 x 1'],
      ['s container-0-request-1', 'a container-1-request-1'],
    ],
  ])('%s', (_, spec, requests, mappings) => {
    expect(summary(spec)).toEqual([requests, mappings]);
  });

  test('is claimed for the Pod, where the node has none of it otherwise', () => {
    const containers = [container('a', 1)];
    expect(demandOf({ containers })?.claim.metadata).toMatchObject({
      generateName: 'p-extended-resources-',
      annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
      ownerReferences: [{ kind: 'Pod', name: 'p', controller: true }],
    });
    expect(demandOf({ containers }, { [GPU]: '4' })).toBeUndefined();
  });
});

test('a resource is of the youngest class that says so, or of the class that it names', () => {
  const made = (name: string, creationTimestamp: string) => deviceClass({ metadata: { name, creationTimestamp } });
  const classes = [
    made('old', '2026-01-01T00:00:00Z'),
    made('b', '2026-02-01T00:00:00Z'),
    made('a', '2026-02-01T00:00:00Z'),
  ];
  const find = classOfResource(
    (name) => classes.find(({ metadata }) => metadata.name === name),
    (resource) => (resource === GPU ? classes : []),
  );
  expect(find(GPU)?.metadata.name).toBe('a');
  expect(find('deviceclass.resource.kubernetes.io/old')?.metadata.name).toBe('old');
  expect(find('example.com/other')).toBeUndefined();
});
