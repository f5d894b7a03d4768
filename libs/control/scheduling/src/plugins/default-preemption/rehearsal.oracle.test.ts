import type { ContainerPort, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterCache } from '../../cache/cluster-cache.js';
import { askedBefore, askNodeExpecting } from '../../engine/find-nodes.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { cluster, info, node, type PodParts } from '../../testing/builders.js';
import { defaultPlugins } from '../../testing/default-plugins.js';
import { isCandidate, moreImportant, selectVictims } from './victims.js';

/** Who has to go, said slowly: every question is asked anew of all plugins, of a node from which the Pods are really taken. */
function slowly(pod: PodInfo, row: number, cache: ClusterCache): string {
  const { name, pods } = cache.nodes.at(row);
  const lower = [...pods.values()].filter(({ priority }) => priority < pod.priority).sort(moreImportant);
  const fits = (gone: ReadonlySet<PodInfo>) => {
    for (const one of gone) cache.remove(one.uid);
    const rejection = askNodeExpecting(pod, row, cache, filters);
    for (const one of gone) cache.confirm(one, name);
    return !rejection;
  };
  const victims = new Set(lower);
  if (lower.length === 0 || !fits(victims)) return 'none';
  for (const one of lower) {
    victims.delete(one);
    if (!fits(victims)) victims.add(one);
  }
  return lower.flatMap((one) => (victims.has(one) ? [one.name] : [])).join();
}

const { filters } = defaultPlugins(() => undefined);
const nodes = ['a', 'a', 'b'].map((zone, at) => node(`n${at}`, { cpu: '4', labels: { zone } }));

const term = (app: string, topologyKey: string) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: { matchLabels: { app } } }],
});
const apps = fc.constantFrom('x', 'y');
const keys = fc.constantFrom('zone', 'kubernetes.io/hostname');
const affinity = fc.oneof(
  fc.constant({}),
  fc.record({ app: apps, key: keys }).map(({ app, key }) => ({ podAntiAffinity: term(app, key) })),
  fc.record({ app: apps, key: keys }).map(({ app, key }) => ({ podAffinity: term(app, key) })),
);
const ports = fc.constantFrom<ContainerPort[]>([], [{ containerPort: 80, hostPort: 80 }]);
const spread = (app: string) => [
  { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app } } },
];
const parts = fc
  .record({
    app: apps,
    cpu: fc.integer({ min: 1, max: 3 }),
    priority: fc.nat(3),
    affinity,
    ports,
    spreads: fc.boolean(),
  })
  .map(({ app, cpu, priority, spreads, ...rest }): PodParts => {
    const requests = { cpu: `${cpu}` };
    const containers = [{ name: 'main', image: 'x', resources: { requests }, ports: rest.ports }];
    const topologySpreadConstraints = spreads ? spread(app) : [];
    const spec = { containers, affinity: rest.affinity, topologySpreadConstraints } as Partial<PodSpec>;
    return { labels: { app }, priority, spec };
  });
const placed = fc.array(fc.tuple(parts, fc.nat(nodes.length - 1)), { maxLength: 8 });

/** The same cluster each time it is called. */
function clusterOf(there: readonly (readonly [PodParts, number])[], promised: readonly [PodParts, number] | null) {
  const pods = there.map(([one, on], at) => ({ pod: info(`v${at}`, one), on: `n${on}` }));
  const guest = promised && { pod: info('promised', promised[0]), on: `n${promised[1]}` };
  return () => {
    const cache = cluster(nodes);
    for (const { pod, on } of pods) cache.confirm(pod, on);
    if (guest) cache.nominations.set(guest.pod, guest.on);
    return cache;
  };
}

test('a rehearsal with what is known already finds the victims that asking everything anew finds', () => {
  fc.assert(
    fc.property(parts, placed, fc.option(fc.tuple(parts, fc.nat(nodes.length - 1))), (wanted, there, promised) => {
      const fresh = clusterOf(there, promised);
      const pod = info('p', wanted);
      for (let row = 0; row < nodes.length; row += 1) {
        const cache = fresh();
        const asked = { cluster: cache, filters: askedBefore(pod, cache, filters), budgetsOf: () => [] };
        const verdict = selectVictims(pod, row, asked);
        const victims = isCandidate(verdict) ? verdict.victims.map(({ name }) => name).join() : 'none';
        expect(victims).toBe(slowly(pod, row, fresh()));
      }
    }),
    { numRuns: 300 },
  );
});
