import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Pod, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from '../index.js';
import { pods } from './definition.js';

const labels = { app: 'web', hash: 'h1' };
const selector = { matchLabels: { app: 'web' } };

const draft = (spec: Partial<PodSpec>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', namespace: 'ns', labels },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
});
const created = (spec: Partial<PodSpec>) => rehearseCreate(pods, draft(spec));
const errorsOf = (spec: Partial<PodSpec>) => created(spec).errors.map(({ field, message }) => `${field}: ${message}`);

const term = (rest: Partial<PodAffinityTerm>): PodAffinityTerm => ({
  topologyKey: 'kubernetes.io/hostname',
  labelSelector: selector,
  ...rest,
});
const required = (rest: Partial<PodAffinityTerm>): Partial<PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(rest)] } },
});
const spread = (rest: Partial<TopologySpreadConstraint>): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector, ...rest },
  ],
});
const merged = { ...selector, matchExpressions: [{ key: 'hash', operator: 'In', values: ['h1'] }] };

describe('label keys of a new Pod', () => {
  it('narrow the selectors of affinity, required and preferred', () => {
    const keys = { matchLabelKeys: ['hash', 'absent'], mismatchLabelKeys: ['app'] };
    const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(keys) }] };
    const { object, errors } = created({ affinity: { ...required(keys).affinity, podAffinity: preferred } });
    const wanted = {
      ...selector,
      matchExpressions: [...merged.matchExpressions, { key: 'app', operator: 'NotIn', values: ['web'] }],
    };
    expect(errors).toEqual([]);
    const { podAffinity, podAntiAffinity } = object.spec?.affinity ?? {};
    const [asked] = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const [wished] = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    expect(asked?.labelSelector).toEqual(wanted);
    expect(wished?.podAffinityTerm.labelSelector).toEqual(wanted);
  });

  it('narrow the selectors it is spread by, once', () => {
    const { object, errors } = created(spread({ matchLabelKeys: ['hash'] }));
    expect(errors).toEqual([]);
    expect(object.spec?.topologySpreadConstraints?.[0]?.labelSelector).toEqual(merged);
    const later = rehearseUpdate(pods, object, object);
    expect(later).toEqual({ object, errors: [] });
  });

  it.each<[reason: string, spec: Partial<PodSpec>, expected: string[]]>([
    [
      'are not named by a selector as well',
      spread({ matchLabelKeys: ['app'] }),
      ['spec.topologySpreadConstraints[0][0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector'],
    ],
    [
      'need a selector',
      required({ labelSelector: undefined, matchLabelKeys: ['app'] }),
      [
        'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      ],
    ],
    [
      'cannot be the same and differ',
      required({ matchLabelKeys: ['hash'], mismatchLabelKeys: ['hash'] }),
      [
        'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]: Invalid value: "hash": exists in both matchLabelKeys and labelSelector',
        'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys[0]: Invalid value: "hash": exists in both matchLabelKeys and mismatchLabelKeys',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(errorsOf(spec)).toEqual(expected);
  });
});
