import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '@binnacle/apis-kubernetes/networking/v1';
import type { LabelSelector, LabelSelectorRequirement } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flow, FlowEnd, Protocol } from './flow.js';
import { PolicyIndex } from './policy-index.js';
import type { PolicyPod } from './policy-pod.js';
import { policyNamed } from './testing/builders.js';
import { allowsPlainly } from './testing/plain-evaluation.js';

/** A small world, so that policies often meet: few names, labels, addresses and ports. */
const NAMESPACES: Readonly<Record<string, Record<string, string>>> = { a: { team: 'x' }, b: { team: 'y' }, c: {} };
const label = fc.constantFrom('x', 'y');
const labels = fc.dictionary(fc.constantFrom('team', 'app'), label, { maxKeys: 2 });
const expression: fc.Arbitrary<LabelSelectorRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom('team', 'app'),
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(label, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ key: fc.constantFrom('team', 'app'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const IPS = ['10.0.0.1', '10.0.0.2', '10.0.1.1', '192.0.2.1'];
const block: fc.Arbitrary<IPBlock> = fc.record(
  {
    cidr: fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '192.0.2.1/32', '2001:db8::/32'),
    except: fc.subarray(['10.0.0.0/24', '10.0.0.2/32', '10.0.1.0/24']),
  },
  { requiredKeys: ['cidr'] },
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  fc.record({ ipBlock: block }),
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
);
const protocol = fc.constantFrom<Protocol>('TCP', 'UDP', 'SCTP');
const port: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record({ protocol, port: fc.constantFrom<string | number>(80, 81, 'http', 'dns') }, { requiredKeys: [] }),
  fc.record(
    { protocol, port: fc.constant(80), endPort: fc.constantFrom(80, 82) },
    { requiredKeys: ['port', 'endPort'] },
  ),
);
const peers = fc.array(peer, { maxLength: 2 });
const ports = fc.array(port, { maxLength: 2 });
const spec: fc.Arbitrary<NetworkPolicySpec> = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress']),
    ingress: fc.array(fc.record({ from: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
    egress: fc.array(fc.record({ to: peers, ports }, { requiredKeys: [] }), { maxLength: 2 }),
  },
  { requiredKeys: ['podSelector'] },
);
const policies = fc
  .array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('p', 'q', 'r'), spec), { maxLength: 5 })
  .map(
    (all) =>
      new Map(
        all.map(([namespace, name, given]) => [`${namespace}/${name}`, policyNamed(`${namespace}/${name}`, given)]),
      ),
  );
const pod: fc.Arbitrary<PolicyPod> = fc.record({
  namespace: fc.constantFrom('a', 'b', 'c'),
  name: fc.constantFrom('one', 'two'),
  labels,
  node: fc.constantFrom('n1', 'n2'),
  hostNetwork: fc.boolean(),
  ports: fc.subarray([
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'dns', port: 81, protocol: 'UDP' },
  ]),
});
const end: fc.Arbitrary<FlowEnd> = fc.record(
  { ip: fc.constantFrom(...IPS), pod, node: fc.constantFrom('n1', 'n2', '*') },
  { requiredKeys: ['ip'] },
);
const flow: fc.Arbitrary<Flow> = fc.record({ from: end, to: end, port: fc.constantFrom(80, 81, 82, 83), protocol });

function indexOf(all: Iterable<NetworkPolicy>): PolicyIndex {
  const index = new PolicyIndex();
  for (const [name, given] of Object.entries(NAMESPACES)) index.setNamespace(name, given);
  for (const policy of all) index.setPolicy(policy);
  return index;
}

describe('a decision', () => {
  test('is what the documentation of the API says', () => {
    fc.assert(
      fc.property(policies, flow, (all, wanted) => {
        const written = [...all.values()];
        const { allowed, egress, ingress } = indexOf(written).decide(wanted);
        expect(egress.allowed).toBe(allowsPlainly('Egress', { policies: written, namespaces: NAMESPACES }, wanted));
        expect(ingress.allowed).toBe(allowsPlainly('Ingress', { policies: written, namespaces: NAMESPACES }, wanted));
        expect(allowed).toBe(egress.allowed && ingress.allowed);
      }),
      { numRuns: 5000 },
    );
  });

  test('names a rule that is there exactly where a rule decided, by a policy that selects the Pod', () => {
    fc.assert(
      fc.property(policies, flow, (all, wanted) => {
        const { ingress } = indexOf(all.values()).decide(wanted);
        expect(ingress.rule !== undefined).toBe(ingress.because === 'rule');
        if (!ingress.rule) return;
        const { policy, index } = ingress.rule;
        expect(ingress.policies).toContain(policy);
        expect(all.get(`${policy.namespace}/${policy.name}`)?.spec?.ingress?.[index]).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same however one came to what is written down', () => {
    const change = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('p', 'q'), fc.option(spec));
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 8 }),
        fc.array(flow, { minLength: 1, maxLength: 3 }),
        (changes, flows) => {
          const followed = indexOf([]);
          const left = new Map<string, NetworkPolicy>();
          for (const [namespace, name, given] of changes) {
            const policy = policyNamed(`${namespace}/${name}`, given ?? {});
            if (given) followed.setPolicy(policy);
            else followed.deletePolicy(policy);
            left.delete(`${namespace}/${name}`);
            if (given) left.set(`${namespace}/${name}`, policy);
            for (const wanted of flows) followed.decide(wanted);
          }
          expect(followed.size).toBe(left.size);
          const anew = indexOf(left.values());
          for (const wanted of flows) expect(followed.decide(wanted)).toEqual(anew.decide(wanted));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('comes of whatever is stored', () => {
    const anything = fc.record({ podSelector: fc.object(), ingress: fc.array(fc.object(), { maxLength: 2 }) });
    fc.assert(
      fc.property(fc.oneof(anything, spec), flow, (given, wanted) => {
        const index = indexOf([policyNamed('a/p', given as NetworkPolicySpec)]);
        expect(typeof index.decide(wanted).allowed).toBe('boolean');
      }),
    );
  });
});
