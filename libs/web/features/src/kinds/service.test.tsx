import { endpointSlice, service } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { sheetOf } from '../testing/kind-sheet.js';
import { kindView } from './kind-views.js';

const endpoints = (ready: number, total: number) => ({ endpoints: new Map([['default/web', { ready, total }]]) });

describe('a Service', () => {
  test('is told in a list by where it is, where it leads and whom it chooses', () => {
    const { columns, values, told } = sheetOf('services', service(), { around: endpoints(2, 3) });
    expect(columns).toEqual({
      status: 'Ready',
      endpoints: '2/3',
      type: 'ClusterIP',
      clusterIp: '10.96.0.10',
      ports: '80/TCP',
      selector: 'app=web',
    });
    expect(values.endpoints).toBe(2);
    expect(told.endpoints).toBe('2/3');
  });

  test.each([
    [[{ port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 }], '80:30080/TCP', '80:30080/TCP → 8080'],
    [
      [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' },
        { name: 'dns-tcp', port: 53, protocol: 'TCP' },
      ],
      '53/UDP, 53/TCP',
      'dns 53/UDP → dns dns-tcp 53/TCP → 53',
    ],
    [[{ port: 443 }], '443/TCP', '443/TCP → 443'],
    [[], '–', ''],
  ])('its ports %j are told as kubectl prints them, and on its page with what they lead to', (ports, cell, fact) => {
    const sheet = sheetOf('services', service({ spec: { ports: ports as never } }), { around: endpoints(1, 1) });
    expect(sheet.columns.ports).toBe(cell);
    expect(sheet.facts.Ports).toBe(fact);
  });

  test.each([
    ['all of its endpoints answer', {}, endpoints(3, 3), 'ok Ready 3 of 3 endpoints are ready.'],
    ['some of them do', {}, endpoints(1, 3), 'warn Ready 1 of 3 endpoints are ready.'],
    ['none does', {}, endpoints(0, 3), 'error NoReadyEndpoints 0 of 3 endpoints are ready.'],
    ['it has none', {}, { endpoints: new Map() }, 'warn NoEndpoints'],
    ['it chooses nobody', { selector: undefined }, { endpoints: new Map() }, 'idle NoSelector'],
    ['it is only a name', { type: 'ExternalName', externalName: 'db.example.com' }, {}, 'idle ExternalName'],
    ['its endpoints are not known yet', {}, {}, ''],
  ])('stands as what is behind it: %s', (_, spec, around, status) => {
    expect(sheetOf('services', service({ spec: spec as never }), { around }).status).toBe(status);
  });

  test('that is only a name says which, and has no endpoints to count', () => {
    const named = service({
      spec: { type: 'ExternalName', externalName: 'db.example.com', clusterIP: undefined, ports: undefined },
    });
    const { columns, facts } = sheetOf('services', named, { around: endpoints(0, 0) });
    expect(columns).toMatchObject({ endpoints: '–', type: 'ExternalName', clusterIp: '–' });
    expect(facts['External name']).toBe('db.example.com');
  });

  test('whose endpoints are not known says so, and does not say that there are none', () => {
    expect(sheetOf('services', service()).columns).toMatchObject({ endpoints: '…', status: '' });
    expect(sheetOf('services', service()).values.endpoints).toBe(-1);
  });

  test('leads to the Pods it selects; without a selector to none', () => {
    expect(sheetOf('services', service()).related).toEqual([
      { title: 'Pods', resource: 'pods', namespace: 'default', labelSelector: 'app=web', empty: 'No Pods' },
    ]);
    expect(sheetOf('services', service({ spec: { selector: undefined } })).related).toEqual([]);
  });

  test('is missed by whoever uses it', () => {
    expect(sheetOf('services', service()).loss).toContain('whoever uses it can no longer connect');
  });

  test.each([
    ['Ready', 'ok', { isCounted: true, isWell: true, isAside: false, isTrouble: false }],
    ['Ready', 'warn', { isCounted: true, isWell: true, isAside: false, isTrouble: false }],
    ['NoReadyEndpoints', 'error', { isCounted: true, isWell: false, isAside: false, isTrouble: true }],
    ['NoEndpoints', 'warn', { isCounted: true, isWell: false, isAside: false, isTrouble: true }],
    ['ExternalName', 'idle', { isCounted: false, isWell: false, isAside: true, isTrouble: false }],
  ])('that is %s (%s) is counted so on the front page', (label, tone, counted) => {
    const { standing } = kindView('services');
    const status = { label, tone: tone as never };
    const object = service() as never;
    expect({
      isCounted: standing?.isCounted(status),
      isWell: standing?.isWell(object, status),
      isAside: standing?.isAside(object, status),
      isTrouble: standing?.isTrouble(status),
    }).toEqual(counted);
  });
});

describe('an EndpointSlice', () => {
  test('is told by its addresses and its ports', () => {
    const two = endpointSlice({
      endpoints: [{ addresses: ['10.244.0.1', '10.244.0.2'] }, { addresses: ['10.244.0.3'] }],
      ports: [{ port: 8080 }, { port: 8443 }],
    });
    const { columns, values } = sheetOf('endpointslices.discovery.k8s.io', two);
    expect(columns).toEqual({ endpoints: '10.244.0.1, 10.244.0.2, 10.244.0.3', ports: '8080, 8443' });
    expect(values).toEqual({ endpoints: 2, ports: 8080 });
  });

  test('without either is told with dashes', () => {
    const { columns, values } = sheetOf(
      'endpointslices.discovery.k8s.io',
      endpointSlice({ endpoints: undefined, ports: undefined } as never),
    );
    expect(columns).toEqual({ endpoints: '–', ports: '–' });
    expect(values).toEqual({ endpoints: 0, ports: 0 });
  });
});
