import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseUpdate } from '@binnacle/apis-registry';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from '../index.js';
import { networkPolicies } from './definition.js';
import { printer } from './printer.js';

const draft = (spec: NetworkPolicySpec = {}): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny', namespace: 'ns' },
  spec,
});
const faults = (spec: NetworkPolicySpec): string[] =>
  rehearseCreate(networkPolicies, draft(spec)).errors.map(({ field, message }) => `${field}: ${message}`);

describe('a new NetworkPolicy', () => {
  it.each<[reason: string, spec: NetworkPolicySpec, expected: object]>([
    ['is about all Pods and what they hear', {}, { podSelector: {}, policyTypes: ['Ingress'] }],
    ['and what they say, where it says so', { egress: [{}] }, { policyTypes: ['Ingress', 'Egress'] }],
    ['or that only', { policyTypes: ['Egress'] }, { policyTypes: ['Egress'] }],
    [
      'by TCP, unless it says otherwise',
      { ingress: [{ ports: [{ port: 80 }, { protocol: 'UDP' }] }] },
      { ingress: [{ ports: [{ port: 80, protocol: 'TCP' }, { protocol: 'UDP' }] }] },
    ],
  ])('%s', (_reason, spec, expected) => {
    const { object, errors } = rehearseCreate(networkPolicies, draft(spec));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({ metadata: { generation: 1 }, spec: expected });
  });

  it.each<[reason: string, spec: NetworkPolicySpec, expected: string[]]>([
    [
      'is of known types',
      { policyTypes: ['Sideways'] },
      ['spec.policyTypes[0]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"'],
    ],
    [
      'of two at most',
      { policyTypes: ['Ingress', 'Egress', 'Sideways'] },
      ['spec.policyTypes: Invalid value: ["Ingress","Egress","Sideways"]: may not specify more than two policyTypes'],
    ],
    [
      'selects what can be selected',
      { podSelector: { matchLabels: { 'a b': 'c' } } },
      [expect.stringContaining('spec.podSelector.matchLabels: Invalid value: "a b"')],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(faults(spec)).toEqual(expected);
  });

  it('is a new generation when it changes, and is printed with its selector', () => {
    const { object: old } = rehearseCreate(networkPolicies, draft());
    const next = draft({ podSelector: { matchLabels: { a: 'b' } } });
    expect(rehearseUpdate(networkPolicies, next, old).object.metadata.generation).toBe(2);
    expect(printer.row(old, 0)[1]).toBe('<none>');
    expect(printer.row(next, 0)[1]).toBe('a=b');
  });
});

describe('the ports of a policy', () => {
  const PATH = 'spec.egress[0].ports[0]';

  it.each<[reason: string, port: NetworkPolicyPort, expected: string[]]>([
    ['may be all', {}, []],
    ['or named', { port: 'http' }, []],
    ['or several in a row', { port: 80, endPort: 90 }, []],
    [
      'are of a known protocol',
      { protocol: 'ICMP' },
      [`${PATH}.protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"`],
    ],
    [
      'are numbers of ports',
      { port: 0, endPort: 70_000 },
      [
        `${PATH}.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
        `${PATH}.endPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
      ],
    ],
    [
      'in order',
      { port: 90, endPort: 80 },
      [`${PATH}.endPort: Invalid value: 90: must be greater than or equal to \`port\``],
    ],
    [
      'are names of ports, then of one',
      { port: '80', endPort: 90 },
      [
        `${PATH}.endPort: Invalid value: 90: may not be specified when \`port\` is non-numeric`,
        `${PATH}.port: Invalid value: "80": must contain at least one letter (a-z)`,
      ],
    ],
    [
      'have a first',
      { endPort: 90 },
      [`${PATH}.endPort: Invalid value: 90: may not be specified when \`port\` is not specified`],
    ],
  ])('%s', (_reason, port, expected) => {
    expect(faults({ egress: [{ ports: [port] }] })).toEqual(expected);
  });
});

describe('who a policy is about', () => {
  const PATH = 'spec.ingress[0].from[0]';
  const block = (cidr: string, ...except: string[]): NetworkPolicyPeer => ({ ipBlock: { cidr, except } });

  it.each<[reason: string, peer: NetworkPolicyPeer, expected: string[]]>([
    ['may be Pods of namespaces', { podSelector: {}, namespaceSelector: {} }, []],
    ['or addresses', block('10.0.0.0/8', '10.1.0.0/16'), []],
    ['is somebody', {}, [`${PATH}: Required value: must specify a peer`]],
    [
      'is either',
      { podSelector: {}, ...block('10.0.0.0/8') },
      [`${PATH}: Forbidden: may not specify both ipBlock and another peer`],
    ],
    ['has a network', block(''), [`${PATH}.ipBlock.cidr: Required value`]],
    [
      'that is one',
      block('10.0.0.1/8', '10.1.0.0/16'),
      [`${PATH}.ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length`],
    ],
    [
      'at all',
      block('ten', '10.1.0.0/16'),
      [`${PATH}.ipBlock.cidr: Invalid value: "ten": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`],
    ],
    [
      'leaves out parts of it',
      block('10.0.0.0/8', '11.0.0.0/16', '10.0.0.0/8', 'x'),
      [
        `${PATH}.ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of \`cidr\``,
        `${PATH}.ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of \`cidr\``,
        expect.stringContaining(`${PATH}.ipBlock.except[2]: Invalid value: "x": must be a valid CIDR value`),
      ],
    ],
  ])('%s', (_reason, peer, expected) => {
    expect(faults({ ingress: [{ from: [peer] }] })).toEqual(expected);
  });

  it('is warned of networks that have a shorter text', () => {
    const spec = {
      ingress: [{ from: [block('2001:DB8::/32', '2001:db8:0:1::/64')] }],
      egress: [{ to: [{ podSelector: {} }, block('2001:db8:0::/48')] }],
    };
    const warn = (at: string, given: string, short: string) =>
      `${at}: IPv6 CIDR value "${given}" should be in RFC 5952 canonical format ("${short}")`;
    expect(networkPolicies.strategy.warnings?.(draft(spec) as never)).toEqual([
      warn('spec.ingress[0].from[0].ipBlock.cidr', '2001:DB8::/32', '2001:db8::/32'),
      warn('spec.egress[0].to[1].ipBlock.cidr', '2001:db8:0::/48', '2001:db8::/48'),
    ]);
  });
});
