import type { Container, Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import type { ContainerStatus } from '@binnacle/node-cri';
import { describe, expect, test } from 'vitest';
import { podOf, runOf, sandboxOf } from '../testing/fakes.js';
import { type ConditionFacts, podConditions } from './conditions.js';
import { type ContainerFacts, containerStatuses } from './container-status.js';

const facts: ContainerFacts = { runtimeName: 'sim', waiting: new Map(), ready: () => true, started: () => true };
const INIT: Container = { name: 'init', image: 'app' };
const SIDECAR: Container = { name: 'side', image: 'app', restartPolicy: 'Always' };
const MAIN: Container = { name: 'main', image: 'app' };
const pod = podOf({ initContainers: [INIT, SIDECAR], containers: [MAIN] });

function shown(container: Container, runs: ContainerStatus[], more: Partial<ContainerFacts> = {}, of: Pod = pod) {
  const [status] = containerStatuses(
    of,
    [container],
    { sandboxes: [sandboxOf()], containers: runs },
    { ...facts, ...more },
  );
  if (!status) throw new Error('there is no status');
  return status;
}
const waits = (reason: string) => new Map([['main', { reason, message: 'why' }]]);

describe('the status of a container', () => {
  test.each<[string, Container, Pod, string]>([
    ['of a Pod with init containers waits for them', MAIN, pod, 'PodInitializing'],
    ['of a Pod without waits to be created', MAIN, podOf(), 'ContainerCreating'],
    ['that is an init container waits for them, too', INIT, pod, 'PodInitializing'],
  ])('%s', (_, container, of, reason) => {
    expect(shown(container, [], {}, of)).toEqual({
      name: container.name,
      state: { waiting: { reason } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image: 'app',
      imageID: '',
      started: false,
    });
  });

  test.each<[string, Container, ContainerStatus, Partial<ContainerFacts>, [ready: boolean, started: boolean]]>([
    ['runs, has started and serves', MAIN, runOf('main'), {}, [true, true]],
    ['runs and does not serve', MAIN, runOf('main'), { ready: () => false }, [false, true]],
    ['runs and has not started', MAIN, runOf('main'), { started: () => false }, [false, false]],
    ['has ended well', MAIN, runOf('main', { exitCode: 0 }), {}, [false, false]],
    ['is an init container that runs', INIT, runOf('init'), {}, [false, false]],
    ['is an init container that ended well', INIT, runOf('init', { exitCode: 0 }), {}, [true, false]],
    ['is an init container that failed', INIT, runOf('init', { exitCode: 1 }), {}, [false, false]],
    ['is a sidecar that runs', SIDECAR, runOf('side'), {}, [true, true]],
    ['is a sidecar that ended well', SIDECAR, runOf('side', { exitCode: 0 }), {}, [false, false]],
    ['was only made', MAIN, runOf('main', { state: 'created' }), {}, [false, false]],
  ])('that %s', (_, container, run, more, expected) => {
    const { ready, started } = shown(container, [run], more);
    expect([ready, started]).toEqual(expected);
  });

  test('that ended tells how, and who it was', () => {
    const ended = runOf('main', {
      exitCode: 2,
      finishedAt: 61_000,
      message: 'bye',
      metadata: { name: 'main', attempt: 3 },
    });
    expect(shown(MAIN, [ended])).toMatchObject({
      state: {
        terminated: {
          exitCode: 2,
          reason: 'Error',
          message: 'bye',
          startedAt: '1970-01-01T00:00:01Z',
          finishedAt: '1970-01-01T00:01:01Z',
          containerID: 'sim://main-3',
        },
      },
      lastState: {},
      restartCount: 3,
      containerID: 'sim://main-3',
      imageID: 'docker.io/library/app:latest',
    });
  });

  test.each<[Partial<ContainerStatus>, string]>([
    [{ exitCode: 0 }, 'Completed'],
    [{ exitCode: 1 }, 'Error'],
    [{ exitCode: 137, reason: 'OOMKilled' }, 'OOMKilled'],
  ])('that ended with %j gives as reason %s', (more, reason) => {
    expect(shown(MAIN, [runOf('main', more)]).state?.terminated?.reason).toBe(reason);
  });

  test('that runs again tells of the run before', () => {
    const runs = [runOf('main', { metadata: { name: 'main', attempt: 1 } }), runOf('main', { exitCode: 1 })];
    expect(shown(MAIN, runs)).toMatchObject({
      state: { running: {} },
      lastState: { terminated: { exitCode: 1, containerID: 'sim://main-0' } },
      restartCount: 1,
    });
  });

  test('that waits to run again shows why, and as its last state how it ended', () => {
    const runs = [
      runOf('main', { exitCode: 5, metadata: { name: 'main', attempt: 1 } }),
      runOf('main', { exitCode: 4 }),
    ];
    expect(shown(MAIN, runs, { waiting: waits('CrashLoopBackOff') })).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'why' } },
      lastState: { terminated: { exitCode: 5 } },
      restartCount: 1,
      ready: false,
    });
  });

  test('that runs is not waiting, whatever is said', () => {
    expect(shown(MAIN, [runOf('main')], { waiting: waits('ErrImagePull') }).state).toEqual({
      running: { startedAt: '1970-01-01T00:00:01Z' },
    });
  });

  test('that could never be made shows why', () => {
    expect(shown(MAIN, [], { waiting: waits('CreateContainerConfigError') }).state).toEqual({
      waiting: { reason: 'CreateContainerConfigError', message: 'why' },
    });
  });
});

describe('the conditions of a Pod', () => {
  const now = Date.UTC(2026, 0, 1);
  const status = (container: Container, run?: ContainerStatus) => shown(container, run ? [run] : []);
  const of = (more: Partial<ConditionFacts>, subject = pod, previous: PodCondition[] = []) => {
    const whole = {
      init: [],
      main: [],
      phase: 'Running',
      hasSandbox: true,
      isRestarting: false,
      now,
      ...more,
    } as ConditionFacts;
    const found = podConditions(subject, previous, whole);
    return Object.fromEntries(
      found.map(({ type, status: is, reason, message }) => [type, [is, reason, message].filter(Boolean).join(' | ')]),
    );
  };
  const before = [status(INIT, runOf('init', { exitCode: 0 })), status(SIDECAR, runOf('side'))];

  test('say what it waits for before it has begun', () => {
    expect(
      of({ phase: 'Pending', hasSandbox: false, init: [status(INIT), status(SIDECAR)], main: [status(MAIN)] }),
    ).toEqual({
      PodReadyToStartContainers: 'False',
      Initialized: 'False | ContainersNotInitialized | containers with incomplete status: [init side]',
      Ready: 'False | ContainersNotReady | containers with unready status: [side main]',
      ContainersReady: 'False | ContainersNotReady | containers with unready status: [side main]',
      PodScheduled: 'True',
    });
  });

  test.each<[string, Partial<ConditionFacts>, string, string]>([
    ['all is well', { init: before, main: [status(MAIN, runOf('main'))] }, 'True', 'True'],
    [
      'a sidecar is down',
      {
        init: [status(INIT, runOf('init', { exitCode: 0 })), status(SIDECAR, runOf('side', { exitCode: 1 }))],
        main: [status(MAIN, runOf('main'))],
      },
      'True',
      'False | ContainersNotReady | containers with unready status: [side]',
    ],
    [
      'a sidecar has not started yet',
      { init: [status(INIT, runOf('init', { exitCode: 0 })), status(SIDECAR)], main: [status(MAIN)] },
      'False | ContainersNotInitialized | containers with incomplete status: [side]',
      'False | ContainersNotReady | containers with unready status: [side main]',
    ],
    [
      'it has completed',
      { phase: 'Succeeded', init: before, main: [status(MAIN, runOf('main', { exitCode: 0 }))] },
      'True | PodCompleted',
      'False | PodCompleted',
    ],
    [
      'it has failed',
      { phase: 'Failed', init: before, main: [status(MAIN, runOf('main', { exitCode: 1 }))] },
      'True',
      'False | PodFailed',
    ],
  ])('where %s', (_, more, initialized, ready) => {
    expect(of(more)).toMatchObject({ Initialized: initialized, Ready: ready, ContainersReady: ready });
  });

  test.each<[string | undefined, string]>([
    [undefined, 'False | ReadinessGatesNotReady | corresponding condition of pod readiness gate "x/y" does not exist.'],
    ['False', 'False | ReadinessGatesNotReady | the status of pod readiness gate "x/y" is not "True", but False'],
    ['Unknown', 'False | ReadinessGatesNotReady | the status of pod readiness gate "x/y" is not "True", but Unknown'],
    ['True', 'True'],
  ])('with a gate that is %s', (gate, ready) => {
    const gated = podOf({ readinessGates: [{ conditionType: 'x/y' }] });
    const subject = { ...gated, status: { conditions: gate ? [{ type: 'x/y', status: gate }] : [] } };
    expect(of({ main: [status(MAIN, runOf('main'))] }, subject)).toMatchObject({
      Ready: ready,
      ContainersReady: 'True',
    });
  });

  test.each<[string, Partial<ConditionFacts>, string]>([
    [
      'is beginning again',
      { isRestarting: true },
      'True | RestartAllContainersStarted | container exited with restart policy rule',
    ],
    ['is not', {}, 'False'],
    ['is over', { isRestarting: true, phase: 'Succeeded' }, 'False | PodCompleted'],
    ['has failed', { isRestarting: true, phase: 'Failed' }, 'False | PodFailed'],
  ])('of one that may begin again and %s', (_, more, expected) => {
    const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } }];
    const subject = podOf({ containers: [{ ...MAIN, restartPolicy: 'Never', restartPolicyRules }] });
    expect(of(more, subject).AllContainersRestarting).toBe(expected);
  });

  test('keep since when they are so, and say of which Pod they speak', () => {
    const subject = podOf({}, { generation: 7 });
    const previous = [
      { type: 'Ready', status: 'True', lastTransitionTime: 't0' },
      { type: 'ContainersReady', status: 'False', lastTransitionTime: 't0' },
    ];
    const whole = {
      init: [],
      main: [status(MAIN, runOf('main'))],
      phase: 'Running',
      hasSandbox: true,
      isRestarting: false,
      now,
    } as ConditionFacts;
    const found = podConditions(subject, previous, whole);
    const times = Object.fromEntries(found.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]));
    expect(times).toMatchObject({ Ready: 't0', ContainersReady: '2026-01-01T00:00:00Z' });
    expect(found.every(({ observedGeneration }) => observedGeneration === 7)).toBe(true);
  });
});
