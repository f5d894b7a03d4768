import { describe, expect, test } from 'vitest';
import type { PluginRun } from '../framework/instruments.js';
import { noInstruments } from '../framework/instruments.js';
import type { FilterPlugin, PreFilterResult } from '../framework/plugin.js';
import { unresolvable } from '../framework/rejection.js';
import { cluster, info, node } from '../testing/builders.js';
import { fit } from '../testing/default-plugins.js';
import { verdicts } from '../testing/verdicts.js';
import { failureMessage } from './diagnosis.js';
import { askNode, findNodes } from './find-nodes.js';
import { SchedulingEngine } from './scheduling-engine.js';
import { Stopwatch } from './stopwatch.js';

const view = cluster(['a', 'b', 'c'].map((name) => node(name)));
const saying = (name: string, answer: PreFilterResult | undefined): FilterPlugin => ({ name, preFilter: () => answer });
const only = (name: string, ...nodes: string[]) => saying(name, { nodes: new Set(nodes) });
const messageOf = (...plugins: FilterPlugin[]) =>
  failureMessage(3, findNodes(info('p'), view, plugins).rejections.kinds, '');

describe('a plugin that names the only nodes', () => {
  test('leaves out the others', () => {
    expect(messageOf(only('A', 'b'), only('B', 'a', 'b'))).toBe(
      "0/3 nodes are available: 2 node(s) didn't satisfy plugin(s) [A B].",
    );
    expect(findNodes(info('p'), view, [only('A', 'b', 'gone')]).candidates).toHaveLength(1);
    expect(askNode(info('p'), 0, view, [only('A', 'b')])?.plugin).toBe('A');
  });

  test('and another that names none of them leave no node', () => {
    expect(messageOf(only('B', 'a'), only('A', 'b'))).toBe(
      "0/3 nodes are available: node(s) didn't satisfy plugin(s) [A B] simultaneously.",
    );
    expect(messageOf(only('A'))).toBe("0/3 nodes are available: node(s) didn't satisfy plugin A.");
  });
});

describe('a plugin that rejects the Pod', () => {
  const asked: string[] = [];
  const asking = (name: string, answer: PreFilterResult | undefined): FilterPlugin => ({
    name,
    preFilter: () => {
      asked.push(name);
      return answer;
    },
  });

  test('for good ends it, and is told once', () => {
    const filter = () => unresolvable('node says no');
    const plugins = [asking('A', { filter }), asking('B', { rejection: unresolvable('no claim') }), asking('C', {})];
    expect(messageOf(...plugins)).toBe('0/3 nodes are available: no claim.');
    expect(asked).toEqual(['A', 'B']);
  });

  test('for now lets the others be heard: what cannot be mended goes first', () => {
    const soft = asking('A', { rejection: { reasons: ['not yet'], unresolvable: false } });
    const { rejections } = findNodes(info('p'), view, [soft, asking('B', { rejection: unresolvable('never') })]);
    expect(rejections.get(0)).toMatchObject({ plugin: 'B', unresolvable: true, ofPod: true });
    expect(messageOf(soft, asking('C', undefined))).toBe('0/3 nodes are available: not yet.');
  });
});

describe('a node that was promised', () => {
  const busy = cluster([node('a'), node('b')], { b: [info('x', { cpu: '3' })] });
  const plugins = { filters: [saying('F', {})], scores: [] };

  test('is taken, whatever others would score', () => {
    const pod = info('p');
    busy.nominations.set(pod, 'b');
    expect(new SchedulingEngine(busy, plugins, 1).schedule(pod).node).toBe('b');
    busy.nominations.delete(pod.uid);
  });

  test('is left to a more important one that was promised it too', () => {
    const both = cluster([node('a', { cpu: '1' }), node('b', { cpu: '1' })]);
    const pod = info('p', { cpu: '1', priority: 1 });
    both.nominations.set(pod, 'b');
    both.nominations.set(info('boss', { cpu: '1', priority: 9 }), 'b');
    expect(new SchedulingEngine(both, { ...plugins, filters: [fit] }, 1).schedule(pod).node).toBe('a');
  });

  test('and does not fit any more is looked at among all', () => {
    const pod = info('p');
    busy.nominations.set(pod, 'b');
    const engine = new SchedulingEngine(busy, { ...plugins, filters: [only('F', 'a')] }, 1);
    expect(engine.schedule(pod).node).toBe('a');
  });
});

test('an attempt that is sampled tells how long each plugin took, and what it said', () => {
  const runs: PluginRun[] = [];
  let seconds = 0;
  const stopwatch = new Stopwatch({ ...noInstruments, now: () => seconds++, ran: (run) => runs.push(run) });
  const plugins = {
    filters: [saying('Filters', { filter: () => undefined }), saying('Silent', undefined)],
    scores: [{ plugin: { name: 'Scores', preScore: () => ({ score: () => 1 }) }, weight: 1 }],
  };
  new SchedulingEngine(view, plugins, 1).schedule(info('p'), stopwatch);
  expect(runs.map((run) => `${run.plugin} ${run.point} ${run.status} ${run.seconds}`)).toEqual([
    'Filters PreFilter Success 1',
    'Silent PreFilter Skip 1',
    'Filters Filter Success 1',
    'Scores PreScore Success 1',
    'Scores Score Success 1',
  ]);
});

test('what is turned off at one point still speaks at the other', () => {
  expect(verdicts(only('A', 'a'), info('p'), view).a).toBe('ok');
});
