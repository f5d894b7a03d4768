import { setMaxListeners } from 'node:events';
import type { FlowSchema, PriorityLevelConfiguration } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { suggestedFlowSchemas, suggestedPriorityLevels } from '@binnacle/apis-kubernetes/flowcontrol/v1/bootstrap';
import { FakeClock } from '@binnacle/machinery-context';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Admission, FlowControl } from './flow-control.js';
import type { FlowRequest } from './types.js';

const SEATS = 100;
const WAIT = 15_000;
let clock: FakeClock;
let control: FlowControl;
const ctx = { signal: new AbortController().signal };
setMaxListeners(0, ctx.signal);

beforeEach(() => {
  clock = new FakeClock(0);
  control = new FlowControl(clock, { seats: SEATS, longestWait: WAIT });
  control.configure(suggestedPriorityLevels, suggestedFlowSchemas);
});

const asks = (name: string, groups: string[] = [], verb = 'list', resource = 'pods', group = ''): FlowRequest => ({
  user: { name, groups: [...groups, 'system:authenticated'] },
  cluster: 'main',
  verb,
  resource: { group, resource, subresource: '', namespace: 'a' },
});
const admit = (request: FlowRequest) => control.admit(ctx, control.classify(request), request);
const isServed = (admission: unknown): admission is Admission => !(admission instanceof Promise);
const level = (name: string) => control.levels.find(name);

/** As many requests as find a seat or a queue. */
function flood(request: FlowRequest): Promise<Admission>[] {
  const waiting: Promise<Admission>[] = [];
  for (let at = 0; at < 2_000; at += 1) {
    try {
      const admission = admit(request);
      if (admission instanceof Promise) waiting.push(admission);
    } catch {
      break;
    }
  }
  for (const each of waiting) each.catch(() => undefined);
  return waiting;
}

describe('with everything one identity can ask for under way', () => {
  beforeEach(() => void flood(asks('flood')));

  it.each<[who: string, FlowRequest]>([
    ['an administrator', asks('admin', ['system:masters'])],
    ['a leader', asks('system:kube-controller-manager', [], 'update', 'leases', 'coordination.k8s.io')],
    ['a node', asks('system:node:a', ['system:nodes'], 'update', 'leases', 'coordination.k8s.io')],
    ['a kubelet', asks('system:node:a', ['system:nodes'], 'get', 'pods')],
    ['the scheduler', asks('system:kube-scheduler', [], 'create', 'pods')],
    ['a service account', asks('system:serviceaccount:a:b', ['system:serviceaccounts'])],
  ])('%s is served at once', (_who, request) => {
    expect(isServed(admit(request))).toBe(true);
  });

  it('they still are after levels that had nothing to do have lent their seats', () => {
    for (let at = 0; at < 12; at += 1) {
      clock.step(10_000);
      flood(asks('flood'));
      control.levels.adjust();
    }
    expect(level('global-default')?.queues.concurrencyLimit).toBeGreaterThan(
      level('global-default')?.bounds.nominal ?? 0,
    );
    expect(isServed(admit(asks('system:kube-scheduler', [], 'update', 'leases', 'coordination.k8s.io')))).toBe(true);
    expect(isServed(admit(asks('system:node:a', ['system:nodes'], 'update', 'leases', 'coordination.k8s.io')))).toBe(
      true,
    );
  });
});

describe('a request there is no seat for', () => {
  it('is turned away with TooManyRequests when its queues are full', () => {
    flood(asks('flood'));
    expect(() => admit(asks('flood'))).toThrow('Too many requests, please try again later.');
    try {
      admit(asks('flood'));
    } catch (error) {
      expect(error).toMatchObject({ code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 1 } });
    }
  });

  it('is turned away when it has waited for too long', async () => {
    const [first] = flood(asks('flood'));
    clock.step(WAIT);
    await expect(first).rejects.toMatchObject({ code: 429 });
    expect(level('global-default')?.queues.waiting).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('leaves its queue when its client does', async () => {
    flood(asks('flood'));
    const before = level('global-default')?.queues.waiting ?? 0;
    const client = new AbortController();
    const request = asks('other');
    const admission = control.admit({ signal: client.signal }, control.classify(request), request);
    expect(level('global-default')?.queues.waiting).toBe(before + 1);
    client.abort(new Error('the client left'));
    await expect(admission).rejects.toThrow('the client left');
    expect(level('global-default')?.queues.waiting).toBe(before);
  });

  it('is served when another is done', async () => {
    const request = asks('ann');
    const served: Admission[] = [];
    let admission = admit(request);
    while (isServed(admission)) {
      served.push(admission);
      admission = admit(request);
    }
    served[0]?.release();
    served[0]?.release();
    (await admission).release();
  });
});

it('does the work of a request while it has its seat', async () => {
  const queues = level('global-default')?.queues;
  const answer = await control.run(ctx, asks('ann'), () => Promise.resolve(queues?.executing));
  expect([answer, queues?.executing]).toEqual([1, 0]);
  await expect(control.run(ctx, asks('ann'), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(queues?.executing).toBe(0);
});

describe('a new configuration', () => {
  const tight: PriorityLevelConfiguration = {
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'PriorityLevelConfiguration',
    metadata: { name: 'tight', uid: 'tight-uid' },
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 1, borrowingLimitPercent: 0, limitResponse: { type: 'Reject' } },
    },
  };
  const schema = (to: string): FlowSchema => ({
    apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
    kind: 'FlowSchema',
    metadata: { name: 'ann' },
    spec: {
      priorityLevelConfiguration: { name: to },
      matchingPrecedence: 50,
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'ann' } }],
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }],
        },
      ],
    },
  });

  it('holds for the next request', () => {
    const request = asks('ann');
    expect(control.classify(request).level.name).toBe('global-default');
    control.configure([...suggestedPriorityLevels, tight], [...suggestedFlowSchemas, schema('tight')]);
    expect(control.classify(request).level.name).toBe('tight');
    expect(isServed(admit(request))).toBe(true);
    expect(() => admit(request)).toThrow('Too many requests');
  });

  it('that names no level there is does not match anything', () => {
    control.configure(suggestedPriorityLevels, [...suggestedFlowSchemas, schema('nowhere')]);
    expect(control.levels.isUsable(schema('nowhere'))).toBe(false);
    expect(control.classify(asks('ann')).level.name).toBe('global-default');
  });

  it('lets a level that is no longer wanted finish what it serves', () => {
    control.configure([...suggestedPriorityLevels, tight], [...suggestedFlowSchemas, schema('tight')]);
    const admission = admit(asks('ann'));
    control.configure(suggestedPriorityLevels, suggestedFlowSchemas);
    expect(level('tight')?.quiescing).toBe(true);
    if (isServed(admission)) admission.release();
    control.levels.adjust();
    expect(level('tight')).toBeUndefined();
  });

  it('without any object still serves', () => {
    control.configure([], []);
    expect(control.classify(asks('ann')).level.name).toBe('catch-all');
    expect(control.classify(asks('root', ['system:masters'])).level.name).toBe('exempt');
  });
});

it('divides the server as upstream does', () => {
  const seats = Object.fromEntries(control.levels.all().map(({ name, bounds }) => [name, bounds]));
  expect(seats).toEqual({
    system: { nominal: 13, lower: 9, upper: 113 },
    'node-high': { nominal: 17, lower: 13, upper: 117 },
    'leader-election': { nominal: 5, lower: 5, upper: 105 },
    'workload-high': { nominal: 17, lower: 8, upper: 117 },
    'workload-low': { nominal: 41, lower: 4, upper: 141 },
    'global-default': { nominal: 9, lower: 4, upper: 109 },
    'catch-all': { nominal: 3, lower: 3, upper: 103 },
    exempt: { nominal: 0, lower: 0, upper: 100 },
  });
});
