import { describe, expect, it } from 'vitest';
import { differencesOf, type WorkDifference } from './differences.js';
import { explanationOf } from './explanations.js';
import type { Ending } from './play.js';
import { reportOf } from './report.js';
import type { Json, Scenario } from './scenario.js';

const scenario: Scenario = { field: 'Deployment', name: 'rolled', steps: [] };
const ending = (objects: readonly Json[], more: Partial<Ending> = {}): Ending => ({ objects, events: [], ...more });
const pod = (name: string, spec: Json = {}) => ({ kind: 'Pod', metadata: { name, uid: name }, spec });
const event = (message: string) => ({
  type: 'Warning',
  reason: 'FailedScheduling',
  message,
  involvedObject: { kind: 'Pod', name: 'web' },
  source: { component: 'default-scheduler' },
});

describe('ends', () => {
  it('that differ in names and uids only are alike', () => {
    expect(differencesOf(scenario, ending([pod('web-bbbbb')]), ending([pod('web-ccccc')]))).toEqual([]);
  });

  it('differ by how many there are, and by what each is, told once', () => {
    const ours = ending([pod('web-bbbbb', { a: 1 }), pod('web-ccccc', { a: 1 }), pod('web-ddddd', { a: 1 })]);
    const theirs = ending([pod('web-fffff', { a: 2 }), pod('web-ggggg', { a: 2 })]);
    expect(differencesOf(scenario, ours, theirs)).toEqual([
      { kind: 'state', about: 'Pod web-*', at: '', ours: 3, theirs: 2 },
      { kind: 'state', about: 'Pod web-*', at: 'spec.a', ours: 1, theirs: 2 },
    ]);
  });

  it('differ by what only one has', () => {
    expect(differencesOf(scenario, ending([]), ending([pod('a')]))).toEqual([
      { kind: 'state', about: 'Pod a', at: '', ours: '<absent>', theirs: 1 },
    ]);
  });

  it('differ by Events of either', () => {
    const [ours, theirs] = [ending([], { events: [event('here')] }), ending([], { events: [event('there')] })];
    expect(differencesOf(scenario, ours, theirs)).toEqual([
      {
        kind: 'event',
        about: 'Pod web',
        at: '',
        ours: 'Pod web: Warning FailedScheduling: here (default-scheduler)',
        theirs: '<absent>',
      },
      {
        kind: 'event',
        about: 'Pod web',
        at: '',
        ours: '<absent>',
        theirs: 'Pod web: Warning FailedScheduling: there (default-scheduler)',
      },
    ]);
  });

  it('differ where one did not come about', () => {
    expect(differencesOf(scenario, ending([], { stuck: 'not within 9 s' }), ending([]))).toEqual([
      { kind: 'stuck', about: '', at: '', ours: 'not within 9 s', theirs: 'came about' },
    ]);
  });

  it('differ by how Pods are spread over nodes, where that is looked at', () => {
    const on = (...nodes: string[]) => ending(nodes.map((nodeName, at) => pod(`p${at}`, { nodeName })));
    const [ours, theirs] = [on('worker-1', 'worker-2', 'worker-2'), on('worker-3', 'worker-3', 'worker-3')];
    expect(differencesOf(scenario, ours, theirs)).toEqual([]);
    expect(differencesOf({ ...scenario, places: true }, ours, on('worker-3', 'worker-1', 'worker-3'))).toEqual([]);
    expect(differencesOf({ ...scenario, places: true }, ours, theirs)).toMatchObject([{ about: 'Pods by node' }]);
  });
});

const difference: WorkDifference = { kind: 'state', about: 'Pod web-*', at: 'spec.a', ours: 1, theirs: 2 };

describe('an explanation', () => {
  const known = [{ why: 'so', scenario: /^Deployment: /, about: /^Pod /, at: /^spec\.a$/, ours: /^1$/, theirs: /^2$/ }];

  it('is of differences that fit all it says', () => {
    expect(explanationOf(scenario, difference, known)?.why).toBe('so');
  });

  it.each<[string, Partial<WorkDifference>]>([
    ['about', { about: 'Job web' }],
    ['place', { at: 'spec.b' }],
    ['value here', { ours: 3 }],
    ['value there', { theirs: 3 }],
  ])('is none of another %s', (_, other) => {
    expect(explanationOf(scenario, { ...difference, ...other }, known)).toBeUndefined();
  });

  it('is none of another scenario or kind', () => {
    expect(explanationOf({ ...scenario, field: 'Job' }, difference, known)).toBeUndefined();
    expect(explanationOf(scenario, difference, [{ why: 'so', kind: 'event' }])).toBeUndefined();
  });
});

it('the page tells of every scenario, and of what nobody has explained', () => {
  const page = reportOf(
    [
      { scenario, differences: [difference] },
      { scenario: { ...scenario, name: 'scaled | twice' }, differences: [] },
    ],
    { date: '2026-11-30', controllerManager: 'v1', scheduler: 'v2' },
  );
  expect(page).toContain(
    '| in all | 2 |\n| alike | 1 |\n| different for reasons below | 0 |\n| different for no reason given | 1 |',
  );
  expect(page).toContain('| Deployment | rolled | 1 not explained | alike |');
  expect(page).toContain('| Deployment: rolled | `Pod web-*` | `spec.a` | `1` | `2` |');
});
