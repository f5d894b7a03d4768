import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';
import { describe, expect, test } from 'vitest';
import { forgottenContainers, type PodRuntimeState } from '../pod/runtime-state.js';
import { planPod, type ProbeVerdicts } from './plan-pod.js';

const fine: ProbeVerdicts = { live: () => true, started: () => true };

function pod(spec: Partial<NonNullable<Pod['spec']>>): Pod {
  const containers = spec.containers ?? [{ name: 'main', image: 'app' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u' },
    spec: { ...spec, containers },
  };
}

const named = (...names: string[]): Container[] => names.map((name) => ({ name, image: 'app' }));

function ran(name: string, state: 'running' | number, attempt = 0, sandboxId = 's1'): ContainerStatus {
  const ended = typeof state === 'number' ? { exitCode: state, finishedAt: 1 } : {};
  return {
    id: `${name}-${attempt}`,
    sandboxId,
    metadata: { name, attempt },
    state: typeof state === 'number' ? 'exited' : state,
    createdAt: attempt,
    startedAt: 1,
    ...ended,
    image: 'app',
    imageRef: 'app',
    logPath: '',
    labels: {},
    annotations: {},
  };
}

function state(...containers: ContainerStatus[]): PodRuntimeState {
  const metadata = { name: 'p', namespace: 'ns', uid: 'u', attempt: 0 };
  const sandbox = {
    id: 's1',
    metadata,
    state: 'ready' as const,
    createdAt: 0,
    ip: '10.0.0.1',
    labels: {},
    annotations: {},
  };
  return { sandboxes: [sandbox], containers: [...containers].sort((a, b) => b.metadata.attempt - a.metadata.attempt) };
}

/** A plan in a few words. */
function plan(subject: Pod, runtime: PodRuntimeState, verdicts = fine): string {
  const { killPod, restartAll, createSandbox, start, kill, resize } = planPod(subject, runtime, verdicts);
  return [
    restartAll ? 'begin again' : '',
    killPod ? 'end' : '',
    createSandbox === undefined ? '' : `sandbox ${createSandbox}`,
    ...kill.map(({ containerId }) => `kill ${containerId}`),
    ...resize.map(({ running }) => `resize ${running.id}`),
    ...start.map(({ container, attempt }) => `start ${container.name}/${attempt}`),
  ]
    .filter(Boolean)
    .join(', ');
}

/** What there is after the runtime has forgotten all containers of an attempt before the newest init container. */
function forget(...containers: ContainerStatus[]): PodRuntimeState {
  const old = containers.filter(({ metadata }) => metadata.attempt === 0);
  return state(...containers.filter(({ metadata }) => metadata.attempt > 0), ...forgottenContainers(old));
}

const empty: PodRuntimeState = { sandboxes: [], containers: [] };

describe('a Pod of which there is nothing', () => {
  test('gets a sandbox and all its containers', () => {
    expect(plan(pod({ containers: named('a', 'b') }), empty)).toBe('end, sandbox 0, start a/0, start b/0');
  });

  test('gets its first init container only', () => {
    expect(plan(pod({ initContainers: named('i', 'j') }), empty)).toBe('end, sandbox 0, start i/0');
  });

  test('that ran before and is not to run again is over', () => {
    const before = { sandboxes: [], containers: [ran('main', 255, 0, '')] };
    expect(plan(pod({ restartPolicy: 'Never' }), before)).toBe('end');
    expect(plan(pod({ restartPolicy: 'Always' }), before)).toBe('end, sandbox 1, start main/1');
  });
});

describe('main containers', () => {
  test.each([
    ['Always', 0, 'start main/1'],
    ['Always', 1, 'start main/1'],
    ['OnFailure', 1, 'start main/1'],
    ['OnFailure', 0, 'end'],
    ['Never', 1, 'end'],
  ])('policy %s after exit code %i: %s', (restartPolicy, code, expected) => {
    expect(plan(pod({ restartPolicy }), state(ran('main', code)))).toBe(expected);
  });

  test('are left alone while one still runs', () => {
    const two = pod({ restartPolicy: 'Never', containers: named('a', 'b') });
    expect(plan(two, state(ran('a', 0), ran('b', 'running')))).toBe('');
  });

  test('that fail their probes are ended and run again', () => {
    const verdicts = { ...fine, live: (id: string) => id !== 'main-2' };
    expect(plan(pod({}), state(ran('main', 'running', 2)), verdicts)).toBe('kill main-2, start main/3');
    expect(plan(pod({ restartPolicy: 'Never' }), state(ran('main', 'running', 2)), verdicts)).toBe('kill main-2');
  });

  test('follow their own rules where they have some', () => {
    const rules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const own = pod({
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'app', restartPolicyRules: rules }],
    });
    expect(plan(own, state(ran('main', 42)))).toBe('start main/1');
    expect(plan(own, state(ran('main', 41)))).toBe('end');
  });
});

describe('a Pod that a container may begin again', () => {
  const rule = (action: string, ...values: number[]) => ({ action, exitCodes: { operator: 'In', values } });
  const restartPolicyRules = [rule('Restart', 41), rule('RestartAllContainers', 41, 42)];
  const subject = pod({
    restartPolicy: 'Never',
    initContainers: named('i'),
    containers: [...named('a'), { name: 'b', image: 'app', restartPolicy: 'Never', restartPolicyRules }],
  });

  test.each<[reason: string, PodRuntimeState, expected: string]>([
    ['does so at the code its rule names', state(ran('i', 0), ran('a', 'running'), ran('b', 42)), 'begin again'],
    ['obeys the first rule of a code', state(ran('i', 0), ran('a', 'running'), ran('b', 41)), 'start b/1'],
    ['goes on at any other', state(ran('i', 0), ran('a', 'running'), ran('b', 1)), ''],
    [
      'starts with its init containers, once all is forgotten',
      forget(ran('i', 0), ran('a', 137), ran('b', 42)),
      'start i/1',
    ],
    [
      'then runs even what is never restarted',
      forget(ran('a', 137), ran('b', 42), ran('i', 0, 1)),
      'start a/1, start b/1',
    ],
  ])('%s', (_reason, runtime, expected) => {
    expect(plan(subject, runtime)).toBe(expected);
  });
});

describe('init containers', () => {
  const two = pod({ initContainers: named('i', 'j') });

  test.each([
    ['waits for a running one', [ran('i', 'running')], ''],
    ['goes on to the next', [ran('i', 0)], 'start j/0'],
    ['runs the main ones after the last', [ran('i', 0), ran('j', 0)], 'start main/0'],
    ['runs a failed one again', [ran('i', 1)], 'start i/1'],
    ['leaves them once the main ones have begun', [ran('main', 'running')], ''],
  ])('%s', (_, containers, expected) => {
    expect(plan(two, state(...containers))).toBe(expected);
  });

  test('that fail end a Pod that is not to try again', () => {
    expect(
      plan({ ...two, spec: { ...two.spec, restartPolicy: 'Never', containers: named('main') } }, state(ran('i', 1))),
    ).toBe('end');
  });
});

describe('sidecars', () => {
  const sidecar = { name: 'side', image: 'app', restartPolicy: 'Always' };
  const subject = pod({ restartPolicy: 'Never', initContainers: [sidecar, ...named('i')] });

  test('need only have started for the next to begin', () => {
    expect(plan(subject, state(ran('side', 'running')))).toBe('start i/0');
    const probed = pod({ initContainers: [{ ...sidecar, startupProbe: {} }, ...named('i')] });
    expect(plan(probed, state(ran('side', 'running')), { ...fine, started: () => undefined })).toBe('');
  });

  test('are run again whatever the Pod says', () => {
    expect(plan(subject, state(ran('side', 0), ran('i', 0), ran('main', 'running')))).toBe('start side/1');
  });

  test('do not keep a Pod alive', () => {
    expect(plan(subject, state(ran('side', 'running'), ran('i', 0), ran('main', 0)))).toBe('end');
  });
});

describe('containers of another size', () => {
  const small = { limits: {}, requests: { cpuMillis: 500 } };
  const asking = (policy?: string): Container => ({
    name: 'main',
    image: 'app',
    resources: { requests: { cpu: '1' } },
    ...(policy && { resizePolicy: [{ resourceName: 'cpu', restartPolicy: policy }] }),
  });
  const running = { ...ran('main', 'running'), size: small };

  test.each([
    [undefined, 'resize main-0'],
    ['NotRequired', 'resize main-0'],
    ['RestartContainer', 'kill main-0, start main/1'],
  ])('policy %s: %s', (policy, expected) => {
    expect(plan(pod({ containers: [asking(policy)] }), state(running))).toBe(expected);
  });

  test('are left alone where the runtime does not tell', () => {
    expect(plan(pod({ containers: [asking()] }), state(ran('main', 'running')))).toBe('');
  });

  test('are changed also beside those that begin', () => {
    const sidecar = { ...asking(), name: 'main', restartPolicy: 'Always' };
    const subject = pod({ initContainers: [sidecar], containers: [{ name: 'web', image: 'app' }] });
    expect(plan(subject, state(running))).toBe('resize main-0, start web/0');
  });
});
