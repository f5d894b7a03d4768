import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Pod, PodSpec } from '../index.js';
import { pods } from './definition.js';

const spec: PodSpec = { containers: [{ name: 'c', image: 'nginx:1', resources: { requests: { cpu: '0.5' } } }] };

function stored(overrides: Partial<PodSpec> = {}, annotations?: Record<string, string>): Pod {
  const metadata = { name: 'x', namespace: 'ns', ...(annotations && { annotations }) };
  return rehearseCreate<Pod>(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, ...overrides } }).object;
}

/** What is wrong with a change, in short. */
function complaints(old: Pod, change: (spec: PodSpec, pod: Pod) => void): string[] {
  const next = structuredClone(old);
  if (next.spec) change(next.spec, next);
  return rehearseUpdate(pods, next, old).errors.map(({ field, message }) => `${field}: ${message}`);
}

const only = 'spec: Forbidden: pod updates may not change fields other than';

describe('an update of a Pod', () => {
  it.each<[reason: string, old: Pod, change: (spec: PodSpec, pod: Pod) => void, expected: string[]]>([
    ['may change an image', stored(), ({ containers: [c] }) => Object.assign(c ?? {}, { image: 'nginx:2' }), []],
    [
      'may not take the image away',
      stored(),
      ({ containers: [c] }) => Object.assign(c ?? {}, { image: '' }),
      ['spec.containers[0].image: Required value'],
    ],
    [
      'may not change anything else of a container',
      stored(),
      ({ containers: [c] }) => Object.assign(c ?? {}, { command: ['sh'] }),
      [only],
    ],
    [
      'may write the same amount in other words',
      stored(),
      ({ containers: [c] }) => Object.assign(c ?? {}, { resources: { requests: { cpu: '500m' } } }),
      [],
    ],
    [
      'may not add a container',
      stored(),
      ({ containers }) => containers.push({ name: 'd', image: 'd' }),
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['may not move to another node', stored(), (s) => Object.assign(s, { nodeName: 'n' }), [only]],
    [
      'may add a toleration',
      stored(),
      (s) => Object.assign(s, { tolerations: [{ key: 'a', operator: 'Exists' }] }),
      [],
    ],
    [
      'may not take one away',
      stored({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
      (s) => delete s.tolerations,
      ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
    ],
    [
      'may change for how long something is tolerated',
      stored({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 }] }),
      ({ tolerations: [t] = [] }) => Object.assign(t ?? {}, { tolerationSeconds: 2 }),
      [],
    ],
    ['may set a deadline', stored(), (s) => Object.assign(s, { activeDeadlineSeconds: 9 }), []],
    [
      'may not put it off',
      stored({ activeDeadlineSeconds: 5 }),
      (s) => Object.assign(s, { activeDeadlineSeconds: 9 }),
      ['spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value'],
    ],
    [
      'may not take it away',
      stored({ activeDeadlineSeconds: 5 }),
      (s) => delete s.activeDeadlineSeconds,
      ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value'],
    ],
    ['may open a gate', stored({ schedulingGates: [{ name: 'g' }] }), (s) => delete s.schedulingGates, []],
    [
      'may not add one',
      stored(),
      (s) => Object.assign(s, { schedulingGates: [{ name: 'g' }] }),
      ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'g'"],
    ],
    [
      'may narrow where a gated Pod goes',
      stored({ schedulingGates: [{ name: 'g' }], nodeSelector: { a: '1' } }),
      (s) => Object.assign(s, { nodeSelector: { a: '1', b: '2' } }),
      [],
    ],
    [
      'may not widen it',
      stored({ schedulingGates: [{ name: 'g' }], nodeSelector: { a: '1' } }),
      (s) => delete s.nodeSelector,
      ['spec.nodeSelector: Invalid value: {}: only additions to spec.nodeSelector are allowed'],
    ],
    ['may not narrow that of any other Pod', stored(), (s) => Object.assign(s, { nodeSelector: { b: '2' } }), [only]],
    [
      'may not make a Pod a mirror',
      stored({ nodeName: 'n' }),
      (_, pod) => Object.assign(pod.metadata, { annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      ['metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation'],
    ],
  ])('%s', (_reason, old, change, expected) => {
    const found = complaints(old, change);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toContain(text);
  });

  it('names the fields that may not change', () => {
    expect(complaints(stored(), (s) => Object.assign(s, { hostname: 'h' }))[0]).toMatch(/\n {2}spec\.hostname$/);
  });
});
