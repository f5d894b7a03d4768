import { bench, describe } from 'vitest';
import { findNodes } from '../../engine/find-nodes.js';
import { cluster, info, node } from '../../testing/builders.js';
import { defaultPlugins } from '../../testing/default-plugins.js';
import { findPreemption } from './candidates.js';

const NODES = 5_000;
const ATTEMPTS = 20;
const ARGS = { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 };

/** Each node is full of four Pods of no priority. */
function fullCluster() {
  const cache = cluster(Array.from({ length: NODES }, (_, i) => node(`n${i}`, { cpu: '4', memory: '32Gi' })));
  for (let i = 0; i < 4 * NODES; i += 1) {
    cache.confirm(info(`low-${i}`, { cpu: '900m', memory: '500Mi' }), `n${i % NODES}`);
  }
  return cache;
}

/** One operation looks for room for 20 Pods of priority among 5,000 full nodes. */
describe(`room for ${ATTEMPTS} Pods on ${NODES} full nodes`, () => {
  const cache = fullCluster();
  const { filters } = defaultPlugins(() => undefined);
  const view = { cluster: cache, filters, budgetsOf: () => [] };
  let serial = 0;
  bench(
    'each on a node of its own',
    () => {
      for (let i = 0; i < ATTEMPTS; i += 1) {
        const pod = info(`high-${serial++}`, { cpu: '3', memory: '500Mi', spec: { priority: 10 } });
        findPreemption(pod, findNodes(pod, cache, filters).rejections, view, ARGS);
      }
    },
    { iterations: 4, warmupIterations: 1, time: 0, warmupTime: 0 },
  );
});
