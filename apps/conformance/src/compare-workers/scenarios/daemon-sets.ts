import { template, unready, workload } from '../manifests.js';
import {
  at,
  both,
  counts,
  image,
  type Json,
  make,
  observed,
  patch,
  POOL,
  type Scenario,
  settled,
  until,
} from '../scenario.js';

const AGENT = 'daemonsets.apps/agent';
const NODES = 3;
const onWorkers = { nodeSelector: POOL };
const set = (spec: Json = {}, of: Json = {}) =>
  workload('DaemonSet', 'agent', spec, template('agent', { spec: { ...onWorkers, ...of } }));
const everywhere = (nodes = NODES) =>
  until(
    AGENT,
    both(
      observed,
      counts('numberAvailable', nodes),
      counts('desiredNumberScheduled', nodes),
      counts('currentNumberScheduled', nodes),
    ),
  );
const rolled = until(AGENT, both(observed, counts('updatedNumberScheduled', NODES), counts('numberAvailable', NODES)));

export const daemonSets: readonly Scenario[] = [
  { name: 'on every node', steps: [make(set()), everywhere()] },
  { name: 'rolled', steps: [make(set()), everywhere(), image(AGENT, 'nginx:1.28'), rolled] },
  {
    name: 'rolled with more on each node meanwhile',
    steps: [
      make(set({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })),
      everywhere(),
      image(AGENT, 'nginx:1.28'),
      rolled,
      settled,
    ],
  },
  {
    name: 'rolled back',
    steps: [make(set()), everywhere(), image(AGENT, 'nginx:1.28'), rolled, image(AGENT, 'nginx:1.27'), rolled],
  },
  {
    name: 'changed where Pods are deleted by hand',
    steps: [
      make(set({ updateStrategy: { type: 'OnDelete' } })),
      everywhere(),
      image(AGENT, 'nginx:1.28'),
      until(AGENT, observed),
      settled,
    ],
  },
  {
    name: 'on nodes that are chosen anew',
    steps: [
      make(set()),
      everywhere(),
      patch(AGENT, { spec: { template: { spec: { nodeSelector: { 'kubernetes.io/hostname': 'worker-1' } } } } }),
      until(
        AGENT,
        both(
          observed,
          counts('desiredNumberScheduled', 1),
          counts('updatedNumberScheduled', 1),
          counts('numberAvailable', 1),
        ),
      ),
      settled,
    ],
  },
  {
    name: 'whose rollout is held up by a Pod that is not ready',
    steps: [
      make(set()),
      everywhere(),
      patch(AGENT, { spec: { template: { spec: { containers: [{ name: 'main', ...unready }] } } } }),
      until(AGENT, (one) => (at(one, 'status.numberUnavailable') ?? 0) === 1 && observed(one)),
      settled,
    ],
  },
].map((one) => ({ field: 'DaemonSet', ...one }));
