import { bench, describe } from 'vitest';
import { cluster, info, node, type PodParts } from '../testing/builders.js';
import { defaultPlugins } from '../testing/default-plugins.js';
import { SchedulingEngine } from './scheduling-engine.js';

const NODES = 5_000;
const PODS = 500;
const web = { labels: { app: 'web' } };
const selector = { matchLabels: { app: 'web' } };
const zones = ['a', 'b', 'c'];

function machines() {
  return Array.from({ length: NODES }, (_, i) =>
    node(`n${i}`, {
      cpu: '32',
      memory: '64Gi',
      labels: { 'topology.kubernetes.io/zone': zones[i % 3] as string },
    }),
  );
}

function place(parts: PodParts, matches = false) {
  const cache = cluster(machines());
  const engine = new SchedulingEngine(
    cache,
    defaultPlugins(() => (matches ? selector : undefined)),
    1,
  );
  let serial = 0;
  return () => {
    for (let i = 0; i < PODS; i += 1) {
      const one = info(`p${serial++}`, { cpu: '10m', memory: '10Mi', ...parts });
      const { node: chosen } = engine.schedule(one);
      if (chosen) cache.assume(one, chosen);
    }
  };
}

const affinity = (kind: string, topologyKey: string) => ({
  ...web,
  spec: {
    affinity: {
      [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector: selector }] },
    },
  },
});

/** One operation places 500 Pods among 5,000 nodes. */
describe(`${PODS} Pods on ${NODES} nodes`, () => {
  const options = { iterations: 4, warmupIterations: 1, time: 0, warmupTime: 0 };
  bench('plain', place({}), options);
  bench('of a Service, spread by default', place(web, true), options);
  bench('anti-affinity by host', place(affinity('podAntiAffinity', 'kubernetes.io/hostname')), options);
  bench('affinity by zone', place(affinity('podAffinity', 'topology.kubernetes.io/zone')), options);
});
