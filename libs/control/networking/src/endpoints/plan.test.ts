import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, runningPod, service } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { MOST_ADDRESSES, planEndpoints } from './plan.js';

const ready = (name: string, ip: string): Pod => runningPod('node-1', ip, { metadata: { name } });
const unready = (name: string, ip: string): Pod =>
  runningPod('node-1', ip, { metadata: { name }, status: { conditions: [] } });

describe('planEndpoints', () => {
  test('ready and other addresses stand apart, in order', () => {
    const next = planEndpoints(
      service(),
      [ready('b', '10.244.0.2'), unready('c', '10.244.0.3'), ready('a', '10.244.0.1')],
      undefined,
    );
    expect(next?.subsets).toMatchObject([
      {
        addresses: [{ ip: '10.244.0.1', nodeName: 'node-1', targetRef: { name: 'a' } }, { ip: '10.244.0.2' }],
        notReadyAddresses: [{ ip: '10.244.0.3' }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
    expect(next?.metadata.labels).toEqual({ 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  });

  test('no Pods make an empty object, and the same again is not written', () => {
    const next = planEndpoints(service(), [], undefined);
    expect(next?.subsets).toEqual([]);
    expect(planEndpoints(service(), [], next)).toBeUndefined();
    expect(planEndpoints(service(), [ready('a', '10.244.0.1')], next)).toBeDefined();
  });

  test('a Pod on its way out is left out, unless the Service publishes all', () => {
    const leaving = runningPod('node-1', '10.244.0.1', { metadata: { deletionTimestamp: CREATED_AT } });
    expect(planEndpoints(service(), [leaving], undefined)?.subsets).toEqual([]);
    const publishing = service({ spec: { publishNotReadyAddresses: true } });
    expect(planEndpoints(publishing, [leaving], undefined)?.subsets?.[0]?.addresses).toHaveLength(1);
  });

  test('more than a thousand are cut short, the ready ones last, and it says so', () => {
    const pods = Array.from({ length: MOST_ADDRESSES + 5 }, (_, index) => {
      const ip = `10.244.${index >> 8}.${index & 255}`;
      return index < 5 ? unready(`p${index}`, ip) : ready(`p${index}`, ip);
    });
    const next = planEndpoints(service(), pods, undefined);
    expect(next?.subsets?.[0]?.addresses).toHaveLength(MOST_ADDRESSES);
    expect(next?.subsets?.[0]?.notReadyAddresses).toBeUndefined();
    expect(next?.metadata.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
  });

  test('a port that all have stands with all, one that some have with these', () => {
    const owner = service({
      spec: {
        ports: [
          { name: 'a', port: 80, targetPort: 'web' },
          { name: 'b', port: 81 },
        ],
      },
    });
    const named = ready('n', '10.244.0.2');
    const withPort = { ...named, spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }] } };
    const next = planEndpoints(owner, [ready('p', '10.244.0.1'), withPort], undefined);
    expect(next?.subsets).toMatchObject([
      { addresses: [{ ip: '10.244.0.2' }], ports: [{ name: 'a', port: 8080 }] },
      { addresses: [{ ip: '10.244.0.1' }, { ip: '10.244.0.2' }], ports: [{ name: 'b', port: 81 }] },
    ]);
  });

  test('Pods that lack a named port have no address', () => {
    const owner = service({ spec: { ports: [{ port: 80, targetPort: 'web' }] } });
    expect(planEndpoints(owner, [ready('a', '10.244.0.1')], undefined)?.subsets).toEqual([]);
  });
});
