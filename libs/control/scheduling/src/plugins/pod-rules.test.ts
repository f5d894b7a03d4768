import type { PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { ClusterCache } from '../cache/cluster-cache.js';
import { cluster, info, node } from '../testing/builders.js';
import { affinityToPods as interPodAffinity, spread as podTopologySpread } from '../testing/default-plugins.js';
import { scores, verdicts } from '../testing/verdicts.js';

const ZONE = 'topology.kubernetes.io/zone';
const HOST = 'kubernetes.io/hostname';
const zone = (value: string) => ({ labels: { [ZONE]: value } });
const nodes = [node('a1', zone('a')), node('a2', zone('a')), node('b1', zone('b')), node('bare')];
const web = { labels: { app: 'web' } };
const selector = { matchLabels: { app: 'web' } };

function accepted(found: Record<string, string>): string[] {
  return Object.keys(found).filter((name) => found[name] === 'ok');
}

describe('PodTopologySpread', () => {
  const plugin = podTopologySpread(() => undefined);
  const spread = (topologyKey: string, whenUnsatisfiable: string, rest: object = {}): Partial<PodSpec> => ({
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey, whenUnsatisfiable, labelSelector: selector, ...rest }],
  });
  const must = (rest: object = {}) => info('p', { ...web, spec: spread(ZONE, 'DoNotSchedule', rest) });

  test('keeps zones within the skew, and off nodes without the label', () => {
    const view = cluster(nodes, { a1: [info('x', web)] });
    expect(verdicts(plugin, must(), view)).toEqual({
      a1: "node(s) didn't match pod topology spread constraints",
      a2: "node(s) didn't match pod topology spread constraints",
      b1: 'ok',
      bare: "node(s) didn't match pod topology spread constraints (missing required label)",
    });
  });

  test('Pods that leave, of other labels or of other namespaces do not count', () => {
    const leaving = info('x', {
      ...web,
      metadata: { name: 'x', namespace: 'default', uid: 'x', labels: web.labels, deletionTimestamp: 'now' },
    });
    const view = cluster(nodes, { a1: [leaving, info('y'), info('z', { ...web, namespace: 'other' })] });
    expect(accepted(verdicts(plugin, must(), view))).toEqual(['a1', 'a2', 'b1']);
  });

  test('a larger skew allows more', () => {
    const view = cluster(nodes, { a1: [info('x', web)] });
    expect(accepted(verdicts(plugin, must({ maxSkew: 2 }), view))).toEqual(['a1', 'a2', 'b1']);
  });

  test('with fewer domains than asked for, the least is taken to be none', () => {
    const view = cluster(nodes, { a1: [info('x', web)], b1: [info('y', web)] });
    expect(accepted(verdicts(plugin, must({ minDomains: 3 }), view))).toEqual([]);
    expect(accepted(verdicts(plugin, must({ minDomains: 2 }), view))).toEqual(['a1', 'a2', 'b1']);
  });

  test('zones the Pod may not use do not hold it back', () => {
    const view = cluster(nodes, { a1: [info('x', web)] });
    const onlyA = info('p', { ...web, spec: { ...spread(ZONE, 'DoNotSchedule'), nodeSelector: { [ZONE]: 'a' } } });
    expect(accepted(verdicts(plugin, onlyA, view))).toEqual(['a1', 'a2', 'b1']);
  });

  test('a revision is spread by itself with matchLabelKeys', () => {
    const revision = (hash: string) => ({ labels: { app: 'web', hash } });
    const view = cluster(nodes, { a1: [info('x', revision('old'))] });
    const spec = spread(ZONE, 'DoNotSchedule', { matchLabelKeys: ['hash'] });
    expect(accepted(verdicts(plugin, info('p', { ...revision('new'), spec }), view))).toEqual(['a1', 'a2', 'b1']);
  });

  test('a preference scores the emptier hosts higher', () => {
    const view = cluster(nodes, { a1: [info('x', web), info('y', web)], a2: [info('z', web)] });
    const found = scores(plugin, info('p', { ...web, spec: spread(HOST, 'ScheduleAnyway') }), view);
    expect(found?.b1).toBe(100);
    expect(found?.a1).toBeLessThan(found?.a2 ?? 0);
  });

  test('Pods of a Service are spread even if they do not ask for it', () => {
    const defaults = podTopologySpread(() => selector);
    const view = cluster(nodes.slice(0, 3), { a1: [info('x', web), info('y', web)] });
    const found = scores(defaults, info('p', web), view);
    expect(found?.b1).toBe(100);
    expect(found?.a1).toBeLessThan(found?.a2 ?? 0);
    expect(scores(plugin, info('p', web), view)).toBeUndefined();
  });
});

describe('InterPodAffinity', () => {
  const term = (topologyKey: string, rest: object = {}) => ({ topologyKey, labelSelector: selector, ...rest });
  const required = (kind: 'podAffinity' | 'podAntiAffinity', ...terms: object[]) => ({
    spec: { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: terms } } } as Partial<PodSpec>,
  });
  const preferred = (kind: 'podAffinity' | 'podAntiAffinity', weight: number) => ({
    spec: {
      affinity: {
        [kind]: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term(ZONE) }] },
      },
    } as Partial<PodSpec>,
  });
  const view = cluster(nodes, { a1: [info('x', web)] });

  test('affinity keeps to the zone of the other', () => {
    const text = "node(s) didn't match pod affinity rules";
    expect(verdicts(interPodAffinity, info('p', required('podAffinity', term(ZONE))), view)).toEqual({
      a1: 'ok',
      a2: 'ok',
      b1: text,
      bare: text,
    });
  });

  test('anti-affinity keeps out of it', () => {
    const text = "node(s) didn't match pod anti-affinity rules";
    expect(verdicts(interPodAffinity, info('p', required('podAntiAffinity', term(ZONE))), view)).toEqual({
      a1: text,
      a2: text,
      b1: 'ok',
      bare: 'ok',
    });
  });

  test('anti-affinity of Pods that are there holds against the one that comes', () => {
    const guarded = cluster(nodes, { b1: [info('x', required('podAntiAffinity', term(HOST)))] });
    expect(verdicts(interPodAffinity, info('p', web), guarded).b1).toBe(
      "node(s) didn't satisfy existing pods anti-affinity rules",
    );
    expect(accepted(verdicts(interPodAffinity, info('p'), guarded))).toHaveLength(4);
  });

  test('the first of its kind may go anywhere in the topology', () => {
    const first = { ...web, ...required('podAffinity', term(ZONE)) };
    expect(accepted(verdicts(interPodAffinity, info('p', first), cluster(nodes)))).toEqual(['a1', 'a2', 'b1']);
  });

  test('namespaces: its own, those named, or those chosen by label', () => {
    const cache = new ClusterCache((name) => ({ team: name }));
    for (const one of nodes) cache.setNode(one);
    cache.confirm(info('x', { ...web, namespace: 'other' }), 'a1');
    const asking = (rest: object) => info('p', required('podAffinity', term(HOST, rest)));
    expect(accepted(verdicts(interPodAffinity, asking({}), cache))).toEqual([]);
    expect(accepted(verdicts(interPodAffinity, asking({ namespaces: ['other'] }), cache))).toEqual(['a1']);
    const namespaceSelector = { matchLabels: { team: 'other' } };
    expect(accepted(verdicts(interPodAffinity, asking({ namespaceSelector }), cache))).toEqual(['a1']);
    expect(accepted(verdicts(interPodAffinity, asking({ namespaceSelector: {} }), cache))).toEqual(['a1']);
  });

  test('preferences pull and push, those of Pods that are there too', () => {
    expect(scores(interPodAffinity, info('p', preferred('podAffinity', 10)), view)).toMatchObject({ a1: 100, b1: 0 });
    expect(scores(interPodAffinity, info('p', preferred('podAntiAffinity', 10)), view)).toMatchObject({
      a1: 0,
      b1: 100,
    });
    const wanting = cluster(nodes, { b1: [info('x', preferred('podAffinity', 10))] });
    expect(scores(interPodAffinity, info('p', web), wanting)).toMatchObject({ a1: 0, b1: 100 });
    expect(scores(interPodAffinity, info('p', web), view)).toBeUndefined();
  });
});
