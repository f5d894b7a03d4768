import type { Endpoints } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { CREATED_AT, endpoints, service } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { countLeftOut } from './mirrored-endpoints.js';
import { isMirrored, planMirror } from './plan.js';

const LEADER = 'control-plane.alpha.kubernetes.io/leader';
const byHand = { ...service(), spec: { ports: [{ port: 80 }] } };
const port = (number: number) => ({ port: number, protocol: 'TCP' });
const withSubsets = (subsets: Endpoints['subsets']): Endpoints => ({ ...endpoints(), subsets });
const named = ({ create }: { create: EndpointSlice[] }) =>
  create.map((slice, index) => ({ ...slice, metadata: { ...slice.metadata, name: `s${index}` } }));
const sizes = ({ create, update, remove }: ReturnType<typeof planMirror>) => [
  create.length,
  update.length,
  remove.length,
];

describe('Endpoints are mirrored', () => {
  test.each<[string, boolean, Parameters<typeof isMirrored>]>([
    ['where the Service chooses no Pods', true, [byHand, endpoints()]],
    ['not where it does', false, [service(), endpoints()]],
    ['not without a Service', false, [undefined, endpoints()]],
    ['not once they are gone', false, [byHand, undefined]],
    ['not while they go', false, [byHand, endpoints({ metadata: { deletionTimestamp: CREATED_AT } })]],
    [
      'not where their label forbids it',
      false,
      [byHand, endpoints({ metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } })],
    ],
    [
      'not where they only elect a leader',
      false,
      [byHand, endpoints({ metadata: { annotations: { [LEADER]: '{}' } } })],
    ],
  ])('%s', (_, expected, [owner, subject]) => {
    expect(isMirrored(owner, subject)).toBe(expected);
  });
});

describe('planMirror', () => {
  test('makes a slice that says the same', () => {
    const subject = endpoints({
      metadata: { labels: { team: 'a' }, annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': 'x' } },
    });
    const { create } = planMirror(
      {
        ...subject,
        subsets: [
          {
            addresses: [{ ip: '10.0.0.1' }],
            notReadyAddresses: [{ ip: '10.0.0.2', nodeName: 'n' }],
            ports: [port(8080)],
          },
        ],
      },
      [],
    );
    expect(create).toMatchObject([
      {
        metadata: {
          generateName: 'web-',
          labels: {
            team: 'a',
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
          },
          annotations: {},
          ownerReferences: [{ kind: 'Endpoints', name: 'web', controller: true }],
        },
        addressType: 'IPv4',
        ports: [{ name: '', port: 8080, protocol: 'TCP' }],
        endpoints: [
          { addresses: ['10.0.0.1'], conditions: { ready: true } },
          { addresses: ['10.0.0.2'], conditions: { ready: false }, nodeName: 'n' },
        ],
      },
    ]);
    expect(create[0]?.metadata.annotations).toEqual({});
  });

  test('keeps families and ports apart', () => {
    const { create } = planMirror(
      withSubsets([
        { addresses: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], ports: [port(80)] },
        { addresses: [{ ip: '10.0.0.2' }], ports: [port(81)] },
        { addresses: [{ ip: '10.0.0.3' }], ports: [port(80)] },
      ]),
      [],
    );
    expect(
      create.map(({ addressType, ports, endpoints: all }) => [addressType, ports?.[0]?.port, all?.length]),
    ).toEqual([
      ['IPv4', 80, 2],
      ['IPv6', 80, 1],
      ['IPv4', 81, 1],
    ]);
  });

  test('changes nothing that is right, updates in place, and removes what no longer is', () => {
    const first = withSubsets([
      { addresses: [{ ip: '10.0.0.1' }], ports: [port(80)] },
      { addresses: [{ ip: '10.0.0.2' }], ports: [port(81)] },
    ]);
    const slices = named(planMirror(first, []));
    expect(sizes(planMirror(first, slices))).toEqual([0, 0, 0]);
    const second = withSubsets([{ addresses: [{ ip: '10.0.0.9' }], ports: [port(80)] }]);
    const plan = planMirror(second, slices);
    expect(sizes(plan)).toEqual([0, 1, 1]);
    expect(plan.update[0]).toMatchObject({ metadata: { name: 's0' }, endpoints: [{ addresses: ['10.0.0.9'] }] });
    expect(sizes(planMirror(withSubsets([]), slices))).toEqual([0, 0, 2]);
  });

  test('mirrors at most a thousand addresses of a subset', () => {
    const addresses = Array.from({ length: 1100 }, (_, index) => ({ ip: `10.0.${index >> 8}.${index & 255}` }));
    const many = withSubsets([{ addresses, ports: [port(80)] }]);
    expect(planMirror(many, []).create.map(({ endpoints: all }) => all?.length)).toEqual([1000]);
    expect(countLeftOut(many)).toBe(100);
  });
});
