import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { Pod, PodSpec, PodStatus } from '../index.js';
import { pods } from './definition.js';
import { podGracePeriodSeconds } from './prepare.js';
import { qosClass } from './qos.js';

const draft = (spec: Partial<PodSpec> = {}, status?: PodStatus): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', namespace: 'ns' },
  spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  ...(status && { status }),
});

describe('a new Pod', () => {
  it('is pending, whatever the client says', () => {
    const { object } = rehearseCreate(pods, draft({}, { phase: 'Running', podIP: '10.0.0.1' }));
    expect(object.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    expect(object.metadata.generation).toBe(1);
  });

  it('says so while it waits at its gates', () => {
    const { object } = rehearseCreate(pods, draft({ schedulingGates: [{ name: 'g' }] }));
    expect(object.status?.conditions).toEqual([
      expect.objectContaining({ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }),
    ]);
  });
});

describe('an updated Pod', () => {
  const { object: old } = rehearseCreate(pods, draft());

  it('keeps its status', () => {
    const next: Pod = { ...old, status: { phase: 'Failed' } };
    expect(rehearseUpdate(pods, next, old).object.status).toEqual(old.status);
  });

  it('is of a new generation when its spec changed, and only then', () => {
    const relabelled: Pod = { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } };
    const retolerated: Pod = { ...old, spec: { ...draft().spec, tolerations: [{ operator: 'Exists' }] } as PodSpec };
    expect(rehearseUpdate(pods, relabelled, old).object.metadata.generation).toBe(1);
    expect(rehearseUpdate(pods, retolerated, old).object.metadata.generation).toBe(2);
  });
});

describe('the observed generations of a Pod', () => {
  const { object: old } = rehearseCreate(pods, draft());
  const ready = { type: 'Ready', status: 'True' };
  const known: Pod = {
    ...old,
    status: { ...old.status, observedGeneration: 3, conditions: [{ ...ready, observedGeneration: 2 }] },
  };

  it('outlive a writer that does not know of them', () => {
    const next: Pod = { ...known, status: { phase: 'Running', conditions: [{ ...ready, status: 'False' }] } };
    expect(rehearseStatusUpdate(pods, next, known).object.status).toMatchObject({
      observedGeneration: 3,
      conditions: [{ type: 'Ready', status: 'False', observedGeneration: 2 }],
    });
  });

  it('are replaced by newer ones', () => {
    const next: Pod = {
      ...known,
      status: { observedGeneration: 4, conditions: [{ ...ready, observedGeneration: 4 }] },
    };
    expect(rehearseStatusUpdate(pods, next, known).object.status).toMatchObject({
      observedGeneration: 4,
      conditions: [{ observedGeneration: 4 }],
    });
  });
});

describe('the time a Pod has left after DELETE', () => {
  it.each<[reason: string, Pod, requested: number | undefined, seconds: number]>([
    ['is its own', draft({ nodeName: 'n', terminationGracePeriodSeconds: 30 }), undefined, 30],
    ['is what is asked for', draft({ nodeName: 'n', terminationGracePeriodSeconds: 30 }), 5, 5],
    ['may be none', draft({ nodeName: 'n', terminationGracePeriodSeconds: 30 }), 0, 0],
    ['is none without a node', draft({ terminationGracePeriodSeconds: 30 }), undefined, 0],
    ['is none once it has failed', draft({ nodeName: 'n' }, { phase: 'Failed' }), 30, 0],
    ['is none once it has succeeded', draft({ nodeName: 'n' }, { phase: 'Succeeded' }), 30, 0],
    ['is a second where it would be negative', draft({ nodeName: 'n' }), -1, 1],
  ])('%s', (_reason, pod, requested, seconds) => {
    expect(podGracePeriodSeconds(pod, requested)).toBe(seconds);
  });
});

describe('the class of service', () => {
  const of = (...resources: object[]): string =>
    qosClass({ containers: resources.map((each, index) => ({ name: `c${index}`, resources: each })) });
  const all = { cpu: '1', memory: '1Gi' };

  it.each([
    ['nothing asked for is best effort', of({}), 'BestEffort'],
    ['nothing is nothing, in any unit', of({ requests: { cpu: '0', memory: '0Mi' } }), 'BestEffort'],
    ['all asked for and limited is guaranteed', of({ requests: all, limits: all }), 'Guaranteed'],
    ['a limit is a request', of({ limits: all }), 'Guaranteed'],
    ['one container that asks for less is enough', of({ limits: all }, {}), 'Burstable'],
    ['so is a request below its limit', of({ requests: { cpu: '500m' }, limits: all }), 'Burstable'],
    ['so is a limit on one resource', of({ limits: { cpu: '1' } }), 'Burstable'],
    ['other resources do not count', of({ limits: { 'example.com/gpu': '1' } }), 'BestEffort'],
  ])('%s', (_reason, found, expected) => {
    expect(found).toBe(expected);
  });
});
