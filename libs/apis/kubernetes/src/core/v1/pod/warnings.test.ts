import { describe, expect, it } from 'vitest';
import type { Container, Pod, PodSpec } from '../index.js';
import { podWarnings, workloadWarnings } from './warnings.js';

const pod = (spec: Partial<PodSpec>, name = 'x'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});
const withContainer = (part: Partial<Container>): Partial<PodSpec> => ({ containers: [{ name: 'c', ...part }] });

describe('warnings about a Pod', () => {
  it.each<[reason: string, spec: Partial<PodSpec>, expected: string[]]>([
    ['there is nothing to say of most', {}, []],
    [
      'labels of nodes have new names',
      { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
      ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
    [
      'a variable is defined twice',
      withContainer({ env: [{ name: 'A' }, { name: 'B' }, { name: 'A' }] }),
      ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'a port is defined twice',
      withContainer({ ports: [{ containerPort: 80 }, { containerPort: 80 }] }),
      ['spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
    ],
    [
      'a byte cannot be divided',
      withContainer({ resources: { requests: { memory: '100m', cpu: '100m' } } }),
      ['spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer'],
    ],
    [
      'volumes of old do nothing now',
      { volumes: [{ name: 'v', glusterfs: { endpoints: 'e', path: 'p' } }] },
      ['spec.volumes[0].glusterfs: deprecated in v1.25, non-functional in v1.26+'],
    ],
    [
      'no time is less than none',
      { terminationGracePeriodSeconds: -1 },
      ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
    ],
    [
      'nothing selects nothing',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      },
      ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
    ],
    ['a secret has a name', { imagePullSecrets: [{}] }, ['spec.imagePullSecrets[0].name: invalid empty name ""']],
  ])('%s', (_reason, spec, expected) => {
    expect(podWarnings(pod(spec))).toEqual(expected);
  });

  it('names are host names, which have no dots', () => {
    const text =
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
    expect(podWarnings(pod({}, 'a.b'))).toEqual([text]);
    expect(podWarnings(pod({}, 'a.b'), pod({}, 'a.b'))).toEqual([]);
  });
});

describe('warnings about a workload', () => {
  const template = pod({ terminationGracePeriodSeconds: -1 });
  const workload = (generation: number) => ({ metadata: { name: 'x', generation }, spec: { template } });

  it('are those about its Pods', () => {
    expect(workloadWarnings(workload(1))).toEqual([
      expect.stringContaining('spec.template.spec.terminationGracePeriodSeconds: must be >= 0'),
    ]);
  });

  it('are not said again of what did not change', () => {
    expect(workloadWarnings(workload(1), workload(1))).toEqual([]);
    expect(workloadWarnings(workload(2), workload(1))).toHaveLength(1);
  });
});
