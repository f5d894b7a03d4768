import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { bench, describe } from 'vitest';
import { SchedulingEngine } from '../engine/scheduling-engine.js';
import { cluster, info, node, type PodParts } from '../testing/builders.js';
import { defaultPlugins } from '../testing/default-plugins.js';
import { DecisionLog, DecisionSender } from './index.js';

const NODES = 5_000;
const PODS = 200;
const zones = ['a', 'b', 'c'];
const machines = Array.from({ length: NODES }, (_, i) =>
  node(`worker-${i}`, { cpu: '32', memory: '64Gi', labels: { 'topology.kubernetes.io/zone': zones[i % 3] as string } }),
);

/** Of a cluster of which every node is told of so many attempts a second, at a thousand attempts a second. */
function place(parts: PodParts, detailsPerSecond: number | undefined) {
  const cache = cluster(machines);
  const engine = new SchedulingEngine(
    cache,
    defaultPlugins(() => undefined),
    1,
  );
  const clock = new FakeClock();
  const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  const sender = new DecisionSender(ctx, { raw: async () => ({ status: 201, body: '' }) }, () => undefined);
  const log = new DecisionLog(ctx, cache.nodes, sender, { detailsPerSecond: detailsPerSecond ?? 0, revision: () => 1 });
  let serial = 0;
  return async () => {
    for (let i = 0; i < PODS; i += 1) {
      const pod = info(`p${serial++}`, { cpu: '10m', memory: '10Mi', ...parts });
      const { node: chosen, findings } = engine.schedule(pod);
      if (chosen) cache.assume(pod, chosen);
      const arrival = { attempt: 1, since: 1, event: 'UnscheduledPodAdd' };
      const end = chosen ? ({ result: 'Scheduled', node: chosen } as const) : ({ result: 'Unschedulable' } as const);
      if (detailsPerSecond !== undefined)
        log.record({ pod, scheduler: 'default-scheduler', arrival, microseconds: 1, findings, ...end });
      clock.step(1);
      if (i % 32 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

const picky: PodParts = { spec: { nodeSelector: { 'topology.kubernetes.io/zone': 'a' } } };
const nowhere: PodParts = { cpu: '64' };

/** One operation places 200 Pods among 5,000 nodes. */
describe.each([
  ['plain', {}],
  ['of which most nodes are refused', picky],
  ['that fit nowhere', nowhere],
])(`${PODS} Pods on ${NODES} nodes, %s`, (_, parts) => {
  const options = { iterations: 6, warmupIterations: 1, time: 0, warmupTime: 0 };
  bench('nothing told', place(parts, undefined), options);
  bench('told', place(parts, 5), options);
});
