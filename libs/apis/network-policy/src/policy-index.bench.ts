import type { NetworkPolicySpec } from '@binnacle/apis-kubernetes/networking/v1';
import { bench, describe } from 'vitest';
import type { FlowEnd } from './flow.js';
import { PolicyIndex } from './policy-index.js';
import { endOf, flow, podNamed, policyNamed } from './testing/builders.js';

const POLICIES = 1_000;
const PODS = 5_000;
/** Different applications of a namespace: a policy is about the Pods of one. */
const APPS = 200;

function spec(i: number): NetworkPolicySpec {
  const others = { namespaceSelector: { matchLabels: { env: 'prod' } }, podSelector: app(i + 1) };
  return {
    podSelector: app(i),
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: [others, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [{ port: 8080 }] },
    ],
    egress: [{ to: [{ podSelector: {} }] }, { ports: [{ protocol: 'UDP', port: 53 }] }],
  };
}
const app = (i: number) => ({ matchLabels: { app: `a${i % APPS}` } });
const policy = (i: number, namespaces: number) => policyNamed(`ns${i % namespaces}/p${i}`, spec(i));

function endAt(i: number, namespaces: number): FlowEnd {
  const labels = { app: `a${i % APPS}`, tier: `t${i % 3}` };
  return endOf(podNamed(`ns${i % namespaces}/p${i}`, { labels, node: `n${i % 50}` }), `10.244.${i >> 8}.${i & 255}`);
}

/** One operation decides 5,000 connections, each of other Pods. */
describe.each([50, 1])(`${POLICIES} policies and ${PODS} Pods in %i namespaces`, (namespaces) => {
  const index = new PolicyIndex();
  for (let i = 0; i < namespaces; i += 1) index.setNamespace(`ns${i}`, { env: i % 2 ? 'prod' : 'dev' });
  for (let i = 0; i < POLICIES; i += 1) index.setPolicy(policy(i, namespaces));
  const ends = Array.from({ length: PODS }, (_, i) => endAt(i, namespaces));
  const decideAll = () => {
    for (let i = 0; i < PODS; i += 1) {
      const [from, to] = [ends[(i * 7_919) % PODS], ends[(i * 104_729 + 13) % PODS]] as [FlowEnd, FlowEnd];
      index.decide(flow(from, to, 8080));
    }
  };
  const options = { iterations: 20, warmupIterations: 3, time: 0, warmupTime: 0 };
  bench('decide', decideAll, options);
  const change = () => {
    index.setPolicy(policy(0, namespaces));
    decideAll();
  };
  bench('after a change of one policy', change, options);
});
