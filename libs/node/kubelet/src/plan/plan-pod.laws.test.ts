import type { Container, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { podOf, runOf, sandboxOf } from '../testing/fakes.js';
import { isForgotten, type PodRuntimeState } from '../pod/runtime-state.js';
import { BackOff, durationText } from './back-off.js';
import { planPod } from './plan-pod.js';
import { restartsAll, shouldRestart } from './restart-policy.js';

const NAMES = ['init', 'side', 'main', 'other'];
const policies = fc.constantFrom('Always', 'OnFailure', 'Never');
const specs = fc
  .record({ restartPolicy: policies, hasInit: fc.boolean(), hasSidecar: fc.boolean(), hasOther: fc.boolean() })
  .map(({ restartPolicy, hasInit, hasSidecar, hasOther }): Partial<PodSpec> => {
    const initContainers: Container[] = [
      ...(hasInit ? [{ name: 'init', image: 'app' }] : []),
      ...(hasSidecar ? [{ name: 'side', image: 'app', restartPolicy: 'Always' }] : []),
    ];
    return {
      restartPolicy,
      initContainers,
      containers: [{ name: 'main', image: 'app' }, ...(hasOther ? [{ name: 'other', image: 'app' }] : [])],
    };
  });
const runs = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES),
    attempt: fc.nat(3),
    exitCode: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    sandboxId: fc.constantFrom('s1', 'gone'),
  }),
  { maxLength: 6 },
);
const states = fc.tuple(runs, fc.boolean()).map(([all, isReady]): PodRuntimeState => {
  const seen = new Set<string>();
  const containers = all.flatMap(({ name, attempt, exitCode, sandboxId }): ContainerStatus[] => {
    if (seen.has(`${name}/${attempt}`)) return [];
    seen.add(`${name}/${attempt}`);
    // What is in no sandbox runs no longer.
    const ended = exitCode ?? (sandboxId === 'gone' || !isReady ? 255 : undefined);
    return [runOf(name, { metadata: { name, attempt }, sandboxId, ...(ended !== undefined && { exitCode: ended }) })];
  });
  return {
    sandboxes: [sandboxOf({ state: isReady ? 'ready' : 'notReady' })],
    containers: containers.sort((a, b) => b.metadata.attempt - a.metadata.attempt),
  };
});
const fine = { live: () => true, started: () => true };

describe('whatever there is of a Pod, its plan', () => {
  const each = (check: (plan: ReturnType<typeof planPod>, spec: Partial<PodSpec>, state: PodRuntimeState) => void) =>
    fc.assert(
      fc.property(specs, states, (spec, state) => check(planPod(podOf(spec), state, fine), spec, state)),
      { numRuns: 1000 },
    );
  const newest = ({ containers }: PodRuntimeState, name: string) =>
    containers.find(({ metadata }) => metadata.name === name);

  test('starts only what the Pod has and what does not run', () =>
    each(({ start }, spec, state) => {
      const known = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ name }) => name);
      for (const { container } of start) {
        expect(known).toContain(container.name);
        const running = state.containers.find(
          ({ metadata, state: now }) => metadata.name === container.name && now === 'running',
        );
        expect(newest(state, container.name) === running && running !== undefined).toBe(false);
      }
    }));

  test('counts every attempt on from the newest, and starts nothing twice', () =>
    each(({ start }, _, state) => {
      for (const { container, attempt } of start)
        expect(attempt).toBe((newest(state, container.name)?.metadata.attempt ?? -1) + 1);
      expect(new Set(start.map(({ container }) => container.name)).size).toBe(start.length);
    }));

  test('starts things only in a sandbox that there is or that is to be made', () =>
    each(({ start, createSandbox, killPod }, _, state) => {
      const hasSandbox = state.sandboxes.some(({ state: now }) => now === 'ready');
      if (start.length > 0) expect(hasSandbox && !killPod).toBe(createSandbox === undefined);
      if (createSandbox !== undefined) expect([hasSandbox, killPod, createSandbox]).toEqual([false, true, 1]);
    }));

  test('never runs again what its policy forbids, where it ended in the sandbox there is', () =>
    each(({ start }, spec, state) => {
      const hasSandbox = state.sandboxes.some(({ state: now }) => now === 'ready');
      for (const { container } of start) {
        const last = newest(
          { ...state, containers: state.containers.filter(({ sandboxId }) => sandboxId === 's1') },
          container.name,
        );
        if (!hasSandbox || last?.state !== 'exited' || isForgotten(last)) continue;
        expect(shouldRestart(podOf(spec), container, last)).toBe(true);
      }
    }));

  test('begins main containers only when the init containers are done', () =>
    each(({ start }, spec, state) => {
      const mains = new Set((spec.containers ?? []).map(({ name }) => name));
      const inSandbox = state.containers.filter(({ sandboxId }) => sandboxId === 's1');
      const begun = inSandbox.some(({ metadata }) => mains.has(metadata.name));
      const [init] = (spec.initContainers ?? []).filter(({ restartPolicy }) => !restartPolicy);
      const last = init && newest({ ...state, containers: inSandbox }, init.name);
      const isDone = !init || (last?.state === 'exited' && last.exitCode === 0);
      if (!begun && start.some(({ container }) => mains.has(container.name))) expect(isDone).toBe(true);
    }));

  test('kills nothing that is fine', () =>
    each(({ kill, restartAll }) => {
      expect([kill, restartAll]).toEqual([[], undefined]);
    }));
});

test.each<[string | undefined, string | undefined, object[] | undefined, number, boolean]>([
  ['Always', undefined, undefined, 0, true],
  ['OnFailure', undefined, undefined, 0, false],
  ['OnFailure', undefined, undefined, 1, true],
  ['Never', undefined, undefined, 1, false],
  [undefined, undefined, undefined, 0, true],
  ['Never', 'Always', undefined, 0, true],
  ['Always', 'Never', undefined, 1, false],
  ['Always', 'Never', [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }], 42, true],
  ['Always', 'Never', [{ action: 'Restart', exitCodes: { operator: 'NotIn', values: [42] } }], 42, false],
])(
  'policy %s, own %s and rules %j after exit code %i: again %s',
  (restartPolicy, own, restartPolicyRules, exitCode, again) => {
    const container = {
      name: 'c',
      ...(own && { restartPolicy: own }),
      ...(restartPolicyRules && { restartPolicyRules }),
    } as Container;
    expect(shouldRestart(podOf(restartPolicy ? { restartPolicy } : {}), container, { exitCode })).toBe(again);
  },
);

test('the first rule that speaks of an end decides whether all begin again', () => {
  const rule = (action: string, ...values: number[]) => ({ action, exitCodes: { operator: 'In', values } });
  const container = {
    name: 'c',
    restartPolicyRules: [rule('Restart', 1), rule('RestartAllContainers', 1, 2)],
  } as Container;
  expect([1, 2, 3].map((exitCode) => restartsAll(container, runOf('c', { exitCode })))).toEqual([false, true, false]);
  expect(restartsAll(container, runOf('c'))).toBe(false);
});

test('a back-off doubles from the first to the longest, and no wait is over before it is', () => {
  const gaps = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(gaps, (list) => {
      const backOff = new BackOff(10_000, 300_000);
      let now = 0;
      for (const gap of list) {
        const before = backOff.delay('k');
        now += gap;
        backOff.next('k', now);
        const delay = backOff.delay('k');
        expect(delay === 10_000 || delay === Math.min(before * 2, 300_000)).toBe(true);
        expect(backOff.until('k', now, now)).toBe(now + delay);
        expect(backOff.until('k', now, now + delay)).toBeUndefined();
        expect(backOff.until('other', now, now)).toBeUndefined();
      }
    }),
  );
});

test.each([
  [0, '0s'],
  [10_000, '10s'],
  [80_000, '1m20s'],
  [300_000, '5m0s'],
  [59_600, '1m0s'],
])('%i ms is %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
