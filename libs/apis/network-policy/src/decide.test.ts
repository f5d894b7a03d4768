import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '@binnacle/apis-kubernetes/networking/v1';
import { describe, expect, test } from 'vitest';
import { EVERY_NODE, type Flow, type FlowEnd } from './flow.js';
import { address, egress, endOf, flow, indexOf, ingress, podNamed, policyNamed } from './testing/builders.js';

const web = podNamed('a/web', { ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
const client = podNamed('a/client');
const stranger = podNamed('b/client', { node: 'n2' });
const WEB_IP = '10.244.1.5';
const CLIENT_IP = '10.244.1.6';
const STRANGER_IP = '10.244.2.7';
const ends = {
  web: endOf(web, WEB_IP),
  client: endOf(client, CLIENT_IP),
  stranger: endOf(stranger, STRANGER_IP),
  outside: address('192.0.2.9'),
  ownNode: address('127.0.0.11', 'n1'),
  otherNode: address('127.0.0.12', 'n2'),
  machine: address('127.0.0.1', EVERY_NODE),
} satisfies Record<string, FlowEnd>;
type Name = keyof typeof ends;

const NAMESPACE_B: NetworkPolicyPeer = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'b' } } };
const APP = (app: string): NetworkPolicyPeer => ({ podSelector: { matchLabels: { app } } });

const allowed = (policies: readonly NetworkPolicy[], wanted: Flow): boolean =>
  indexOf(...policies).decide(wanted).allowed;
/** Which of these reach web. */
const whoReaches = (...policies: NetworkPolicy[]): Name[] =>
  (['client', 'stranger', 'outside', 'otherNode'] as const).filter((name) =>
    allowed(policies, flow(ends[name], ends.web)),
  );
/** Which of these web reaches. */
const reached = (...policies: NetworkPolicy[]): Name[] =>
  (['client', 'stranger', 'outside', 'otherNode'] as const).filter((name) =>
    allowed(policies, flow(ends.web, ends[name])),
  );

describe('whom a Pod hears', () => {
  test.each<[string, NetworkPolicy[], Name[]]>([
    ['everybody where no policy selects it', [], ['client', 'stranger', 'outside', 'otherNode']],
    [
      'everybody where policies are of other namespaces',
      [ingress('b/deny')],
      ['client', 'stranger', 'outside', 'otherNode'],
    ],
    [
      'everybody where policies select others',
      [policyNamed('a/p', { podSelector: { matchLabels: { app: 'x' } } })],
      ['client', 'stranger', 'outside', 'otherNode'],
    ],
    ['nobody by default deny', [ingress('a/deny')], []],
    ['everybody by an empty rule', [ingress('a/allow', {})], ['client', 'stranger', 'outside', 'otherNode']],
    [
      'everybody by rules without anybody',
      [ingress('a/allow', { from: [] })],
      ['client', 'stranger', 'outside', 'otherNode'],
    ],
    ['Pods of its namespace', [ingress('a/own', { from: [{ podSelector: {} }] })], ['client']],
    [
      'Pods of all namespaces, and nobody else',
      [ingress('a/all', { from: [{ namespaceSelector: {} }] })],
      ['client', 'stranger'],
    ],
    ['Pods of another namespace', [ingress('a/b', { from: [NAMESPACE_B] })], ['stranger']],
    ['some of another namespace', [ingress('a/b', { from: [{ ...NAMESPACE_B, ...APP('client') }] })], ['stranger']],
    ['none of those that are not there', [ingress('a/b', { from: [{ ...NAMESPACE_B, ...APP('x') }] })], []],
    ['either of two peers', [ingress('a/b', { from: [NAMESPACE_B, APP('client')] })], ['client', 'stranger']],
    [
      'addresses, of Pods too',
      [ingress('a/ip', { from: [{ ipBlock: { cidr: '10.244.0.0/16' } }] })],
      ['client', 'stranger'],
    ],
    [
      'all but some addresses',
      [ingress('a/ip', { from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.244.2.0/24'] } }] })],
      ['client', 'outside', 'otherNode'],
    ],
    [
      'what one range leaves out and another holds',
      [
        ingress('a/ip', {
          from: [
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.244.0.0/16'] } },
            { ipBlock: { cidr: `${CLIENT_IP}/32` } },
          ],
        }),
      ],
      ['client'],
    ],
    [
      'what any of its policies allows',
      [ingress('a/deny'), ingress('a/b', { from: [NAMESPACE_B] }), ingress('a/own', { from: [{ podSelector: {} }] })],
      ['client', 'stranger'],
    ],
    ['nobody by a policy that says no types and no rules', [policyNamed('a/p', { podSelector: {} })], []],
    [
      'everybody who may speak where policies are about speaking',
      [egress('a/deny')],
      ['stranger', 'outside', 'otherNode'],
    ],
    ['nobody by a range that is none', [ingress('a/p', { from: [{ ipBlock: { cidr: 'x' } }] })], []],
    [
      'nobody by a selector that is none',
      [ingress('a/p', { from: [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } }] })],
      [],
    ],
  ])('is %s', (_, policies, expected) => {
    expect(whoReaches(...policies)).toEqual(expected);
  });

  test('is its own node and the machine whatever policies say, and it itself', () => {
    for (const name of ['ownNode', 'machine', 'web'] as const)
      expect(allowed([ingress('a/deny')], flow(ends[name], ends.web))).toBe(true);
    const ofNode = endOf(podNamed('b/agent', { hostNetwork: true }), '127.0.0.11');
    expect(allowed([ingress('a/deny')], flow(ofNode, ends.web))).toBe(true);
  });

  test("is no Pod of another node's network, whatever its labels: it is known by the node's address", () => {
    const ofNode = endOf(podNamed('a/client', { hostNetwork: true, node: 'n2' }), '127.0.0.12');
    expect(allowed([ingress('a/p', { from: [APP('client')] })], flow(ofNode, ends.web))).toBe(false);
    const range = ingress('a/p', { from: [{ ipBlock: { cidr: '127.0.0.12/32' } }] });
    expect(allowed([range], flow(ofNode, ends.web))).toBe(true);
  });

  test('is anybody, where it has no network of its own', () => {
    const agent = endOf(podNamed('a/web', { hostNetwork: true }), '127.0.0.11');
    expect(indexOf(ingress('a/deny')).decide(flow(ends.stranger, agent)).ingress.because).toBe('hostNetwork');
  });
});

describe('whom a Pod speaks to', () => {
  const rule = (...to: NetworkPolicyPeer[]) => egress('a/p', { to });

  test.each<[string, NetworkPolicy[], Name[]]>([
    ['everybody where no policy selects it', [ingress('b/deny', {})], ['client', 'stranger', 'outside', 'otherNode']],
    ['nobody by default deny', [egress('a/deny')], []],
    ['Pods of its namespace', [rule({ podSelector: {} })], ['client']],
    ['Pods of another namespace', [rule(NAMESPACE_B)], ['stranger']],
    ['addresses', [rule({ ipBlock: { cidr: '192.0.2.0/24' } })], ['outside']],
    ['whoever also hears it', [rule(NAMESPACE_B), ingress('b/deny')], []],
    [
      'nobody, where types name it without rules',
      [policyNamed('a/p', { podSelector: {}, policyTypes: ['Egress'] })],
      [],
    ],
    [
      'those of its rules, where types are not said',
      [policyNamed('a/p', { podSelector: {}, egress: [{ to: [NAMESPACE_B] }] })],
      ['stranger'],
    ],
  ])('is %s', (_, policies, expected) => {
    expect(reached(...policies)).toEqual(expected);
  });

  test('is its own node whatever policies say', () => {
    expect(allowed([egress('a/deny')], flow(ends.web, ends.ownNode))).toBe(true);
  });
});

describe('at which ports', () => {
  test.each<[string, NetworkPolicyPort, Array<[number, string]>]>([
    [
      'all of a protocol',
      {},
      [
        [80, 'TCP'],
        [81, 'TCP'],
        [85, 'TCP'],
      ],
    ],
    ['all of another', { protocol: 'UDP' }, [[80, 'UDP']]],
    ['or of SCTP', { protocol: 'SCTP' }, [[80, 'SCTP']]],
    ['one', { port: 81 }, [[81, 'TCP']]],
    [
      'several in a row',
      { port: 81, endPort: 85 },
      [
        [81, 'TCP'],
        [85, 'TCP'],
      ],
    ],
    ['one by its name', { port: 'http' }, [[80, 'TCP']]],
    ['none by the name of one of another protocol', { port: 'http', protocol: 'UDP' }, []],
    ['none by a name that is not there', { port: 'https' }, []],
  ])('is %s', (_, port, expected) => {
    const index = indexOf(ingress('a/p', { ports: [port] }));
    const all: Array<[number, 'TCP' | 'UDP' | 'SCTP']> = [
      [80, 'TCP'],
      [81, 'TCP'],
      [85, 'TCP'],
      [80, 'UDP'],
      [80, 'SCTP'],
    ];
    expect(
      all.filter(([number, protocol]) => index.decide(flow(ends.client, ends.web, number, protocol)).allowed),
    ).toEqual(expected);
  });

  test('a name is one of the Pod that is spoken to, also where the policy is about who speaks', () => {
    const policies = [egress('b/p', { ports: [{ port: 'http' }] })];
    expect(allowed(policies, flow(ends.stranger, ends.web, 80))).toBe(true);
    expect(allowed(policies, flow(ends.stranger, ends.web, 81))).toBe(false);
    expect(allowed(policies, flow(ends.stranger, ends.outside, 80))).toBe(false);
  });

  test('a rule wants both, who and where', () => {
    const policies = [
      ingress('a/p', { from: [NAMESPACE_B], ports: [{ port: 80 }] }, { from: [APP('client')], ports: [{ port: 81 }] }),
    ];
    const ports = (name: Name) => [80, 81].filter((port) => allowed(policies, flow(ends[name], ends.web, port)));
    expect([ports('stranger'), ports('client'), ports('outside')]).toEqual([[80], [81], []]);
  });
});

describe('an answer', () => {
  const policies = [
    ingress('a/z', { from: [APP('x')] }, { from: [NAMESPACE_B] }),
    ingress('a/deny'),
    egress('b/out', {}),
  ];
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

  test('says which policies select each side, and the first rule that allows it', () => {
    const { egress: out, ingress: into } = indexOf(...policies).decide(flow(ends.stranger, ends.web));
    expect([out.because, names(out.policies), out.rule?.policy.name, out.rule?.index]).toEqual([
      'rule',
      ['out'],
      'out',
      0,
    ]);
    expect([into.because, names(into.policies), into.rule?.policy.name, into.rule?.index]).toEqual([
      'rule',
      ['deny', 'z'],
      'z',
      1,
    ]);
  });

  test('says that none does', () => {
    const answer = indexOf(...policies).decide(flow(ends.client, ends.web));
    expect(answer).toMatchObject({
      allowed: false,
      egress: { allowed: true, because: 'notIsolated', policies: [] },
      ingress: { allowed: false, because: 'noRule' },
    });
  });

  test('says why policies do not matter', () => {
    const index = indexOf(...policies);
    const because = (name: Name) => index.decide(flow(ends[name], ends.web)).ingress.because;
    expect([because('web'), because('ownNode'), because('machine')]).toEqual(['itself', 'ownNode', 'ownNode']);
    expect(index.decide(flow(ends.outside, ends.web)).egress.because).toBe('outside');
  });
});
