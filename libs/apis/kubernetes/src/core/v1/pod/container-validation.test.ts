import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec } from '../index.js';
import { pods } from './definition.js';

const container: Container = { name: 'c', image: 'nginx' };

function complaints(spec: Partial<PodSpec>): string[] {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', namespace: 'ns' },
    spec: { containers: [container], ...spec },
  };
  return rehearseCreate(pods, pod).errors.map(({ field, message }) => `${field}: ${message}`);
}

const withContainer = (part: Partial<Container>): Partial<PodSpec> => ({ containers: [{ ...container, ...part }] });
const label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'";

type Row = [reason: string, spec: Partial<PodSpec>, expected: string[]];

function check(rows: Row[]): void {
  it.each(rows)('%s', (_reason, spec, expected) => {
    const found = complaints(spec);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });
}

describe('containers', () => {
  check([
    ['a Pod has containers', { containers: [] }, ['spec.containers: Required value']],
    [
      'a container has a name and an image',
      { containers: [{ name: '' }] },
      ['spec.containers[0].name: Required value', 'spec.containers[0].image: Required value'],
    ],
    ['names are labels', withContainer({ name: 'My_C' }), [`spec.containers[0].name: Invalid value: "My_C": ${label}`]],
    ['names are unique', { containers: [container, container] }, ['spec.containers[1].name: Duplicate value: "c"']],
    [
      'names are unique across init containers',
      { initContainers: [container] },
      ['spec.initContainers[0].name: Duplicate value: "c"'],
    ],
    [
      'an image reference has no spaces around it',
      withContainer({ image: ' nginx' }),
      ['spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace'],
    ],
    [
      'pull policies are known',
      withContainer({ imagePullPolicy: 'Sometimes' }),
      [
        'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
      ],
    ],
    [
      'init containers are not probed unless they keep running',
      { initContainers: [{ name: 'i', image: 'i', livenessProbe: { exec: { command: ['x'] } } }] },
      [
        'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      ],
    ],
    [
      'sidecars are probed',
      {
        initContainers: [
          { name: 'i', image: 'i', restartPolicy: 'Always', livenessProbe: { exec: { command: ['x'] } } },
        ],
      },
      [],
    ],
  ]);
});

describe('ports', () => {
  check([
    [
      'a port has a number',
      withContainer({ ports: [{} as never] }),
      ['spec.containers[0].ports[0].containerPort: Required value'],
    ],
    [
      'ports are from 1 to 65535',
      withContainer({ ports: [{ containerPort: -1 }, { containerPort: 65_536 }] }),
      [
        'spec.containers[0].ports[0].containerPort: Invalid value: -1: must be between 1 and 65535, inclusive',
        'spec.containers[0].ports[1].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive',
      ],
    ],
    [
      'port names are unique in a container',
      withContainer({
        ports: [
          { containerPort: 1, name: 'a' },
          { containerPort: 2, name: 'a' },
        ],
      }),
      ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
    ],
    [
      'port names have a letter',
      withContainer({ ports: [{ containerPort: 1, name: '80' }] }),
      ['spec.containers[0].ports[0].name: Invalid value: "80": must contain at least one letter (a-z)'],
    ],
    [
      'protocols are known',
      withContainer({ ports: [{ containerPort: 1, protocol: 'tcp' }] }),
      ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'a port of the node is taken once in a Pod',
      {
        containers: [
          { ...container, ports: [{ containerPort: 1, hostPort: 80 }] },
          { name: 'd', image: 'd', ports: [{ containerPort: 2, hostPort: 80 }] },
        ],
      },
      ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
    ],
    [
      'on the network of the node both are one',
      { hostNetwork: true, ...withContainer({ ports: [{ containerPort: 1, hostPort: 80 }] }) },
      [
        'spec.containers[0].ports[0].hostPort: Invalid value: 80: must match `containerPort` when `hostNetwork` is true',
      ],
    ],
  ]);
});

describe('environment', () => {
  check([
    [
      'variables have names',
      withContainer({ env: [{ name: '' }] }),
      ['spec.containers[0].env[0].name: Required value'],
    ],
    [
      'a name has no equals sign',
      withContainer({ env: [{ name: 'A=B' }] }),
      ['spec.containers[0].env[0].name: Invalid value: "A=B"'],
    ],
    [
      'a value comes from one place',
      withContainer({ env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
    ],
    [
      'and from somewhere',
      withContainer({ env: [{ name: 'A', valueFrom: {} }] }),
      ['spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of:'],
    ],
    [
      'not every field of the Pod can be seen',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.dnsPolicy' } } }] }),
      ['spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "spec.dnsPolicy"'],
    ],
    [
      'labels and annotations can',
      withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }] }),
      [],
    ],
    [
      'resources are seen in sensible units',
      withContainer({
        env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1Mi' } } }],
      }),
      [
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      ],
    ],
    [
      'a key is named',
      withContainer({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: '' } } }] }),
      ['spec.containers[0].env[0].valueFrom.secretKeyRef.key: Required value'],
    ],
    [
      'envFrom names a source',
      withContainer({ envFrom: [{ prefix: 'P_' }] }),
      ['spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`'],
    ],
  ]);
});

describe('resources', () => {
  check([
    [
      'a request is within its limit',
      withContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1000m' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'amounts are not negative',
      withContainer({ resources: { requests: { memory: '-1Mi' } } }),
      ['spec.containers[0].resources.requests[memory]: Invalid value: "-1Mi": must be greater than or equal to 0'],
    ],
    [
      'names without a domain are known',
      withContainer({ resources: { requests: { gpu: '1' } } }),
      [
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
      ],
    ],
    [
      'devices come in whole numbers, and limit and request agree',
      withContainer({ resources: { limits: { 'example.com/gpu': '1' }, requests: { 'example.com/gpu': '500m' } } }),
      [
        'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
        'spec.containers[0].resources.requests: Invalid value: "500m": must be equal to example.com/gpu limit of 1',
      ],
    ],
    [
      'huge pages need cpu or memory',
      withContainer({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
      ['spec.containers[0].resources: Forbidden: HugePages require cpu or memory'],
    ],
  ]);
});

describe('probes and hooks', () => {
  const withProbe = (readinessProbe: object) => withContainer({ readinessProbe });
  const at = 'spec.containers[0].readinessProbe';
  check([
    ['a probe does something', withProbe({}), [`${at}: Required value: must specify a handler type`]],
    [
      'and one thing only',
      withProbe({ exec: { command: ['x'] }, tcpSocket: { port: 80 } }),
      [`${at}.tcpSocket: Forbidden: may not specify more than 1 handler type`],
    ],
    [
      'a port is a number in range or a name',
      withProbe({ httpGet: { port: 0 } }),
      [`${at}.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`],
    ],
    [
      'schemes are known',
      withProbe({ httpGet: { port: 80, scheme: 'FTP' } }),
      [`${at}.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`],
    ],
    [
      'times are not negative',
      withProbe({ tcpSocket: { port: 'http' }, periodSeconds: -1 }),
      [`${at}.periodSeconds: Invalid value: -1: must be greater than or equal to 0`],
    ],
    [
      'readiness does not end a Pod',
      withProbe({ tcpSocket: { port: 80 }, terminationGracePeriodSeconds: 5 }),
      [`${at}.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes`],
    ],
    [
      'liveness succeeds once',
      withContainer({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
      ['spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1'],
    ],
    [
      'a hook does not sleep longer than the Pod has',
      withContainer({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
      [
        'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
    ],
  ]);
});

describe('volumes', () => {
  const mount = { name: 'v', mountPath: '/x' };
  check([
    [
      'a mount names a volume of the Pod',
      withContainer({ volumeMounts: [mount] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
    [
      'no two mounts share a path',
      { volumes: [{ name: 'v' }], ...withContainer({ volumeMounts: [mount, mount] }) },
      ['spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique'],
    ],
    [
      'a sub path stays inside',
      { volumes: [{ name: 'v' }], ...withContainer({ volumeMounts: [{ ...mount, subPath: '../up' }] }) },
      ['spec.containers[0].volumeMounts.subPath: Invalid value: "../up": must not contain \'..\''],
    ],
    [
      'a volume has one source',
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] },
      ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'volume names are unique labels',
      { volumes: [{ name: 'v' }, { name: 'v' }, { name: 'V' }] },
      ['spec.volumes[1].name: Duplicate value: "v"', `spec.volumes[2].name: Invalid value: "V": ${label}`],
    ],
    [
      'sources say what they stand for',
      {
        volumes: [
          { name: 'a', secret: {} },
          { name: 'b', configMap: {} },
          { name: 'c', hostPath: { path: '' } },
        ],
      },
      [
        'spec.volumes[0].secret.secretName: Required value',
        'spec.volumes[1].configMap.name: Required value',
        'spec.volumes[2].hostPath.path: Required value',
      ],
    ],
    [
      'file modes are permissions',
      { volumes: [{ name: 'a', secret: { secretName: 's', defaultMode: 0o1000 } }] },
      [
        'spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
      ],
    ],
    [
      'projected files do not hide each other',
      {
        volumes: [
          {
            name: 'a',
            projected: {
              sources: [
                { secret: { name: 's', items: [{ key: 'k', path: 'p' }] } },
                { configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } },
              ],
            },
          },
        ],
      },
      ['spec.volumes[0].projected: Invalid value: "m": conflicting duplicate paths'],
    ],
    [
      'a token needs an account and ten minutes',
      {
        volumes: [
          { name: 'a', projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 1 } }] } },
        ],
      },
      [
        'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less than 10 minutes',
        'spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set',
      ],
    ],
  ]);
});
