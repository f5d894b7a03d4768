import { describe, expect, it } from 'vitest';
import { rehearseCreate } from '@binnacle/apis-registry';
import type { Container, Pod, PodSpec } from '../index.js';
import { pods } from './definition.js';
import { containerRequests } from './pod-resources.js';

const container = (name: string, cpu: string, part: Partial<Container> = {}): Container => ({
  name,
  image: 'nginx',
  resources: { requests: { cpu } },
  ...part,
});
const pod = (spec: PodSpec): Pod => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'ns' }, spec });

describe('what the containers of a Pod ask for', () => {
  const sidecar = { restartPolicy: 'Always' };

  it.each<[reason: string, PodSpec, cpu: string]>([
    ['is the sum of those that run together', { containers: [container('a', '100m'), container('b', '200m')] }, '300m'],
    [
      'is that of the largest that runs before, where it is more',
      { containers: [container('a', '100m')], initContainers: [container('i', '1'), container('j', '2')] },
      '2',
    ],
    [
      'counts sidecars with the rest',
      { containers: [container('a', '100m')], initContainers: [container('s', '200m', sidecar)] },
      '300m',
    ],
    [
      'and with those started after them',
      { containers: [container('a', '100m')], initContainers: [container('s', '1', sidecar), container('i', '1')] },
      '2',
    ],
    [
      'but not with those started before',
      { containers: [container('a', '100m')], initContainers: [container('i', '1'), container('s', '500m', sidecar)] },
      '1',
    ],
  ])('%s', (_reason, spec, cpu) => {
    expect(Object.fromEntries(containerRequests(spec))).toEqual({ cpu });
  });
});

describe('resources of a Pod as a whole', () => {
  it('are requested as its containers do, or else up to the limit', () => {
    const spec: PodSpec = { containers: [container('a', '100m')], resources: { limits: { cpu: '1', memory: '1Gi' } } };
    expect(rehearseCreate(pods, pod(spec)).object.spec?.resources?.requests).toEqual({ cpu: '100m', memory: '1Gi' });
  });

  it('bound those of its containers', () => {
    const spec: PodSpec = {
      containers: [{ ...container('a', '600m'), resources: { requests: { cpu: '600m' }, limits: { cpu: '2' } } }],
      resources: { requests: { cpu: '500m' }, limits: { cpu: '1' } },
    };
    expect(rehearseCreate(pods, pod(spec)).errors.map(({ field, message }) => `${field}: ${message}`)).toEqual([
      'spec.resources.requests[cpu]: Invalid value: "500m": must be greater than or equal to aggregate container requests of 600m',
      'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
    ]);
  });

  it('are processor and memory', () => {
    const spec: PodSpec = { containers: [container('a', '1m')], resources: { limits: { 'ephemeral-storage': '1Gi' } } };
    expect(rehearseCreate(pods, pod(spec)).errors.map(({ field }) => field)).toContain(
      'spec.resources.limits[ephemeral-storage]',
    );
  });
});
