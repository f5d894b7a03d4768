import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, EnvVarSource, Pod, PodSpec } from '../index.js';
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

type Row = [reason: string, spec: Partial<PodSpec>, expected: string[]];

function check(rows: Row[]): void {
  it.each(rows)('%s', (_reason, spec, expected) => {
    const found = complaints(spec);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });
}

describe('hostnameOverride', () => {
  check([
    ['may have dots', { hostnameOverride: 'web.example.com', hostname: 'web', subdomain: 'site' }, []],
    [
      'is a name of at most 64 bytes',
      { hostnameOverride: `${'a'.repeat(64)}_` },
      [
        'spec.hostnameOverride: Too long: may not be more than 64 bytes',
        'spec.hostnameOverride: Invalid value: "aaaaaaa',
      ],
    ],
    [
      'does not go with other sources of the name',
      { hostnameOverride: 'a', setHostnameAsFQDN: true, hostNetwork: true },
      [
        'spec.hostnameOverride: Forbidden: may not be specified when setHostnameAsFQDN is true',
        'spec.hostnameOverride: Forbidden: may not be specified when hostNetwork is true',
      ],
    ],
  ]);
});

describe('DNS search domains', () => {
  const searching = (...searches: string[]): Partial<PodSpec> => ({ dnsConfig: { searches } });
  check([
    ['may have underscores, and one of them is the root', searching('.', '_sip._tcp.abc_d.example.com.'), []],
    [
      'begin and end as names do',
      searching('__a', 'a_'),
      [
        `spec.dnsConfig.searches[0]: Invalid value: "__a": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.'`,
        'spec.dnsConfig.searches[1]: Invalid value: "a_": a lowercase RFC 1123',
      ],
    ],
  ]);
});

describe('restart rules of a container', () => {
  const restarting = (part: Partial<Container>): Partial<PodSpec> => ({ containers: [{ ...container, ...part }] });
  const exitCodes = { operator: 'In', values: [42] };
  const rules = [
    { action: 'Restart', exitCodes },
    { action: 'RestartAllContainers', exitCodes: { operator: 'NotIn', values: [0] } },
  ];
  check([
    ['run it, or all of its Pod, again', restarting({ restartPolicy: 'Never', restartPolicyRules: rules }), []],
    [
      'are there for sidecars too',
      { initContainers: [{ ...container, name: 'i', restartPolicy: 'Always', restartPolicyRules: rules }] },
      [],
    ],
    [
      'need a policy to fall back to',
      restarting({ restartPolicyRules: rules }),
      ['spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used'],
    ],
    [
      'say what to do at what',
      restarting({
        restartPolicy: 'Sometimes',
        restartPolicyRules: [{ action: 'Stop' }, { action: 'Restart', exitCodes: { operator: 'Near' } }],
      }),
      [
        'spec.containers[0].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
        'spec.containers[0].restartPolicyRules[0].action: Unsupported value: "Stop": supported values: "Restart", "RestartAllContainers"',
        'spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified',
        'spec.containers[0].restartPolicyRules[1].exitCodes.operator: Unsupported value: "Near": supported values: "In", "NotIn"',
      ],
    ],
    [
      'are few',
      restarting({
        restartPolicy: 'Never',
        restartPolicyRules: Array.from({ length: 21 }, () => ({ ...rules[0], action: 'Restart' })),
      }),
      ['spec.containers[0].restartPolicyRules: Too many: 21: must have at most 20 items'],
    ],
  ]);
});

describe('a variable from a file', () => {
  const from = (valueFrom: EnvVarSource, ...volumes: PodSpec['volumes'] & object): Partial<PodSpec> => ({
    volumes,
    containers: [{ ...container, env: [{ name: 'A', valueFrom }] }],
  });
  const fileKeyRef = { key: 'A', path: 'made/vars.env', volumeName: 'made' };
  const at = 'spec.containers[0].env[0].valueFrom';
  check([
    ['is in a volume that goes with the Pod', from({ fileKeyRef }, { name: 'made', emptyDir: {} }), []],
    ['needs that volume', from({ fileKeyRef }), [`${at}.fileKeyRef.volumeName: Not found: "made"`]],
    [
      'is not in a volume of another kind',
      from({ fileKeyRef }, { name: 'made', hostPath: { path: '/x' } }),
      [`${at}.fileKeyRef.volumeName: Invalid value: "made": referenced volume must be of type emptyDir`],
    ],
    [
      'has a key and a path below the volume',
      from({ fileKeyRef: { key: 'A=B', path: '../x', volumeName: 'made' } }, { name: 'made', emptyDir: {} }),
      [
        `${at}.fileKeyRef.key: Invalid value: "A=B"`,
        `${at}.fileKeyRef.path: Invalid value: "../x": must not contain '..'`,
      ],
    ],
    [
      'is one of five sources',
      from({}),
      [
        `${at}: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\`, \`secretKeyRef\` or \`fileKeyRef\``,
      ],
    ],
  ]);
});

describe('security of a Pod', () => {
  const device = { name: 'v', devicePath: '/dev/x' };
  const unmasked = { containers: [{ ...container, securityContext: { procMount: 'Unmasked' } }] };
  check([
    ['may show all of /proc in a user namespace of its own', { ...unmasked, hostUsers: false }, []],
    [
      'may not in that of the node',
      unmasked,
      ['spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false'],
    ],
    [
      'a user namespace of its own has no part in those of the node',
      { hostUsers: false, hostPID: true, initContainers: [{ ...container, name: 'i', volumeDevices: [device] }] },
      [
        'spec.initContainers[0].volumeDevices[0].name: Not found: "v"',
        'spec.HostPID: Forbidden: when `hostUsers` is false',
        'spec.initContainers[0].volumeDevices: Forbidden: when `hostUsers` is false',
      ],
    ],
    [
      'knows its policies',
      { securityContext: { supplementalGroupsPolicy: 'None', seLinuxChangePolicy: 'Never' } },
      [
        'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "None": supported values: "Merge", "Strict"',
        'spec.securityContext.seLinuxChangePolicy: Unsupported value: "Never": supported values: "MountOption", "Recursive"',
      ],
    ],
  ]);
});

describe('a volume from an image', () => {
  const mount = { name: 'v', mountPath: '/x' };
  const mounted = (image: object): Partial<PodSpec> => ({
    volumes: [{ name: 'v', image }],
    containers: [{ ...container, volumeMounts: [mount] }],
  });
  check([
    ['has a reference', mounted({ reference: 'registry.example/models:1' }), []],
    [
      'needs it',
      mounted({ pullPolicy: 'Always' }),
      ['spec.volumes[0].image.reference: Required value', 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    ],
  ]);
});

describe('a hook that sleeps', () => {
  const sleeping = (seconds: number): Partial<PodSpec> => ({
    containers: [{ ...container, lifecycle: { preStop: { sleep: { seconds } } } }],
  });
  check([
    ['may do so for no time', sleeping(0), []],
    [
      'but not for less',
      sleeping(-1),
      [
        'spec.containers[0].lifecycle.preStop.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
    ],
  ]);
});

describe('resources of the Pod as a whole', () => {
  it('say nothing of what they do not name', () => {
    const resources = { requests: { memory: '1Gi' } };
    expect(complaints({ containers: [{ ...container, resources }], resources: { requests: { cpu: '1' } } })).toEqual(
      [],
    );
  });
});
