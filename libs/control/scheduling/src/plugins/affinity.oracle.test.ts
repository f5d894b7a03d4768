import type { PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PodInfo } from '../pod/pod-info.js';
import { cluster, info, node } from '../testing/builders.js';
import { affinityToPods as interPodAffinity, spread as podTopologySpread } from '../testing/default-plugins.js';
import { scores, verdicts } from '../testing/verdicts.js';

/** The rules about other Pods, said slowly: every Pod and every node looked at, one by one. */
interface Term {
  readonly key: string;
  readonly app: string;
}
interface Wish {
  readonly app: string;
  readonly near: readonly Term[];
  readonly far: readonly Term[];
}
interface Placed extends Wish {
  readonly on: number;
}

const ZONES: readonly (string | undefined)[] = ['a', 'a', 'b', undefined, 'c'];
const nodes = ZONES.map((zone, at) => node(`n${at}`, { labels: zone ? { zone } : {} }));
const domain = (at: number, key: string): string | undefined => (key === 'zone' ? ZONES[at] : `n${at}`);

const apps = fc.constantFrom('x', 'y');
const terms = fc.array(fc.record({ key: fc.constantFrom('zone', 'kubernetes.io/hostname'), app: apps }), {
  maxLength: 2,
});
const wish = fc.record({ app: apps, near: terms, far: terms });
const placed = fc.array(fc.record({ app: apps, near: terms, far: terms, on: fc.nat(ZONES.length - 1) }), {
  maxLength: 6,
});

const list = (all: readonly Term[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: all.map(({ key, app }) => ({
    topologyKey: key,
    labelSelector: { matchLabels: { app } },
  })),
});
let serial = 0;
function made({ app, near, far }: Wish): PodInfo {
  serial += 1;
  const spec: Partial<PodSpec> = { affinity: { podAffinity: list(near), podAntiAffinity: list(far) } };
  return info(`p${serial}`, { labels: { app }, spec });
}
function viewOf(pods: readonly Placed[]) {
  const view = cluster(nodes);
  for (const one of pods) view.confirm(made(one), `n${one.on}`);
  return view;
}

function isAllowed(pod: Wish, at: number, others: readonly Placed[]): boolean {
  const together = (other: Placed, key: string) =>
    domain(at, key) !== undefined && domain(other.on, key) === domain(at, key);
  const meetsAll = (other: Placed) => pod.near.every(({ app }) => app === other.app);
  const inTopology = pod.near.every(({ key }) => domain(at, key) !== undefined);
  const nearEnough = pod.near.every(({ key }) => others.some((other) => meetsAll(other) && together(other, key)));
  const isCounted = (other: Placed) => pod.near.some(({ key }) => domain(other.on, key) !== undefined);
  const isFirst =
    !others.some((other) => meetsAll(other) && isCounted(other)) && pod.near.every(({ app }) => app === pod.app);
  const farEnough = !pod.far.some(({ key, app }) => others.some((other) => other.app === app && together(other, key)));
  const welcome = !others.some((other) => other.far.some(({ key, app }) => app === pod.app && together(other, key)));
  return inTopology && (nearEnough || isFirst) && farEnough && welcome;
}

test('affinity allows the nodes that looking at every Pod allows', () => {
  fc.assert(
    fc.property(wish, placed, (pod, others) => {
      const found = verdicts(interPodAffinity, made(pod), viewOf(others));
      const allowed = nodes.map((_, at) => isAllowed(pod, at, others));
      expect(nodes.map(({ metadata }) => found[metadata.name ?? ''] === 'ok')).toEqual(allowed);
    }),
    { numRuns: 1000 },
  );
});

test('a Pod that left is as one that was never there', () => {
  fc.assert(
    fc.property(wish, placed, placed, (pod, staying, leaving) => {
      const view = viewOf(staying);
      const guests = leaving.map((one) => ({ pod: made(one), on: `n${one.on}` }));
      for (const guest of guests) view.assume(guest.pod, guest.on);
      for (const guest of guests) view.remove(guest.pod.uid);
      expect(verdicts(interPodAffinity, made(pod), view)).toEqual(
        verdicts(interPodAffinity, made(pod), viewOf(staying)),
      );
      expect([...view.groups.all()].length).toBe([...viewOf(staying).groups.all()].length);
    }),
  );
});

interface Spread {
  readonly key: string;
  readonly maxSkew: number;
  readonly minDomains: number;
}
const spreads = fc.array(
  fc.record({
    key: fc.constantFrom('zone', 'kubernetes.io/hostname'),
    maxSkew: fc.integer({ min: 1, max: 3 }),
    minDomains: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 2 },
);
const hosts = fc.array(fc.nat(ZONES.length - 1), { maxLength: 8 });
const plugin = podTopologySpread(() => undefined);

function spreading(all: readonly Spread[], whenUnsatisfiable: string): PodInfo {
  const topologySpreadConstraints = all.map(({ key, maxSkew, minDomains }) => ({
    topologyKey: key,
    maxSkew,
    minDomains,
    whenUnsatisfiable,
    labelSelector: { matchLabels: { app: 'x' } },
  }));
  return info('p', { labels: { app: 'x' }, spec: { topologySpreadConstraints } as Partial<PodSpec> });
}

function staysInSkew(at: number, all: readonly Spread[], others: readonly number[]): boolean {
  const eligible = nodes.map((_, row) => row).filter((row) => all.every(({ key }) => domain(row, key) !== undefined));
  return all.every(({ key, maxSkew, minDomains }) => {
    const here = domain(at, key);
    if (here === undefined) return false;
    const domains = [...new Set(eligible.map((row) => domain(row, key)))];
    const count = (name: string | undefined) =>
      others.filter((row) => eligible.includes(row) && domain(row, key) === name).length;
    const least = domains.length < minDomains ? 0 : Math.min(...domains.map(count));
    return count(here) + 1 - least <= maxSkew;
  });
}

test('spreading allows the nodes that keep the skew, counted one by one', () => {
  fc.assert(
    fc.property(spreads, hosts, (all, others) => {
      const view = cluster(nodes);
      for (const [index, on] of others.entries()) view.confirm(info(`o${index}`, { labels: { app: 'x' } }), `n${on}`);
      const found = verdicts(plugin, spreading(all, 'DoNotSchedule'), view);
      const allowed = nodes.map((_, at) => staysInSkew(at, all, others));
      expect(nodes.map(({ metadata }) => found[metadata.name ?? ''] === 'ok')).toEqual(allowed);
    }),
    { numRuns: 1000 },
  );
});

test('of hosts alike, the one with fewer Pods of the kind never scores less', () => {
  fc.assert(
    fc.property(hosts, (others) => {
      const view = cluster(nodes);
      for (const [index, on] of others.entries()) view.confirm(info(`o${index}`, { labels: { app: 'x' } }), `n${on}`);
      const one = { key: 'kubernetes.io/hostname', maxSkew: 1, minDomains: 1 };
      const found = scores(plugin, spreading([one], 'ScheduleAnyway'), view) ?? {};
      const count = (at: number) => others.filter((on) => on === at).length;
      const order = nodes.map((_, at) => at).sort((left, right) => count(left) - count(right));
      const ranked = order.map((at) => found[`n${at}`] ?? -1);
      expect(ranked).toEqual([...ranked].sort((left, right) => right - left));
      expect(ranked.every((score) => score >= 0 && score <= 100)).toBe(true);
    }),
  );
});
