import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec } from '../index.js';
import { pods } from './definition.js';

const container: Container = { name: 'c', image: 'nginx' };

function complaints(spec: Partial<PodSpec>, metadata: Pod['metadata'] = {}): string[] {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', namespace: 'ns', ...metadata },
    spec: { containers: [container], ...spec },
  };
  return rehearseCreate(pods, pod).errors.map(({ field, message }) => `${field}: ${message}`);
}

const withContainer = (part: Partial<Container>): Partial<PodSpec> => ({ containers: [{ ...container, ...part }] });

type Row = [reason: string, spec: Partial<PodSpec>, expected: string[]];

function check(rows: Row[]): void {
  it.each(rows)('%s', (_reason, spec, expected) => {
    const found = complaints(spec);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });
}

describe('placement', () => {
  check([
    [
      'a toleration of everything says Exists',
      { tolerations: [{ value: 'x' }] },
      ['spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty'],
    ],
    [
      'only NoExecute is tolerated for a time',
      { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 }] },
      [
        'spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      ],
    ],
    [
      'effects and operators are known',
      { tolerations: [{ key: 'a', operator: 'Maybe', effect: 'No' }] },
      [
        'spec.tolerations[0].operator: Unsupported value: "Maybe": supported values: "Equal", "Exists"',
        'spec.tolerations[0].effect: Unsupported value: "No": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
      ],
    ],
    [
      'node affinity has terms and known operators',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [
                    { key: 'a', operator: 'In' },
                    { key: 'b', operator: 'Is' },
                  ],
                },
              ],
            },
          },
        },
      },
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value',
        'nodeSelectorTerms[0].matchExpressions[1].operator: Invalid value: "Is": not a valid selector operator',
      ],
    ],
    [
      'weights are from 1 to 100',
      {
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 101, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname' } },
            ],
          },
        },
      },
      ['[0].weight: Invalid value: 101: must be in the range 1-100'],
    ],
    [
      'Pods are spread by something, at least by one',
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Never' }] },
      [
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never"',
      ],
    ],
    [
      'and by each topology once',
      {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
          { maxSkew: 2, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
        ],
      },
      ['spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"'],
    ],
    ['node selectors are labels', { nodeSelector: { 'a b': 'c' } }, ['spec.nodeSelector: Invalid value: "a b"']],
    [
      'containers for debugging come later',
      { ephemeralContainers: [{ name: 'd', image: 'd' }] },
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
    [
      'a gated Pod has no node',
      { nodeName: 'n', schedulingGates: [{ name: 'g' }] },
      ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
    ],
  ]);
});

describe('the Pod as a whole', () => {
  check([
    [
      'policies are known',
      { restartPolicy: 'Often', dnsPolicy: 'Mine' },
      ['spec.restartPolicy: Unsupported value: "Often"', 'spec.dnsPolicy: Unsupported value: "Mine"'],
    ],
    [
      'a deadline lies ahead',
      { activeDeadlineSeconds: 0 },
      ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
    ],
    [
      'a Pod without DNS of the cluster brings its own',
      { dnsPolicy: 'None' },
      ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
    ],
    [
      'host aliases are addresses and names',
      { hostAliases: [{ ip: '300.1.1.1', hostnames: ['A'] }] },
      ['spec.hostAliases[0].ip: Invalid value: "300.1.1.1"', 'spec.hostAliases[0].hostnames[0]: Invalid value: "A"'],
    ],
    [
      'ids are not negative',
      { securityContext: { runAsUser: -1 } },
      ['spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive'],
    ],
    [
      'a privileged container can gain privileges',
      withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
      ['cannot set `allowPrivilegeEscalation` to false and `privileged` to true'],
    ],
    [
      'a local seccomp profile is named',
      { securityContext: { seccompProfile: { type: 'Localhost' } } },
      [
        'spec.securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      ],
    ],
  ]);

  it('has a name that is a subdomain, and well-formed labels', () => {
    expect(complaints({}, { name: 'Bad', labels: { a: 'b c' } })).toEqual([
      expect.stringContaining('metadata.name: Invalid value: "Bad": a lowercase RFC 1123 subdomain'),
      expect.stringContaining('metadata.labels: Invalid value: "b c"'),
    ]);
  });

  it('is a mirror of a static Pod only on a node', () => {
    const annotations = { 'kubernetes.io/config.mirror': 'hash' };
    expect(complaints({}, { annotations })).toEqual([
      'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "hash": must set spec.nodeName if mirror pod annotation is set',
    ]);
    expect(complaints({ nodeName: 'n' }, { annotations })).toEqual([]);
  });

  it('has a cost of deletion that is a number', () => {
    const key = 'controller.kubernetes.io/pod-deletion-cost';
    expect(complaints({}, { annotations: { [key]: '-10' } })).toEqual([]);
    expect(complaints({}, { annotations: { [key]: '+1' } })).toEqual([
      `metadata.annotations[${key}]: Invalid value: "+1": must be a 32bit integer`,
    ]);
  });
});
