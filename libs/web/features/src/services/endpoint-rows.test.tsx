// @vitest-environment jsdom
import { endpointSlice, service } from '@binnacle/testing-fixtures';
import type { UnstructuredObject } from '@binnacle/web-data';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { ServiceEndpoints } from './service-endpoints.js';
import { SliceEndpoints } from './slice-endpoints.js';

afterEach(cleanup);

const untyped = (object: object) => object as UnstructuredObject;
const target = (name: string) => ({ kind: 'Pod', namespace: 'default', name });
const rows = () => within(screen.getByRole('table')).getAllByRole('row').slice(1);
const cells = () =>
  rows().map((row) =>
    within(row)
      .getAllByRole('cell')
      .map(({ textContent }) => textContent),
  );
const of = (object: object, objects: readonly object[] = []) =>
  showPage(<ServiceEndpoints object={untyped(object)} around={NO_SURROUNDINGS} />, { objects: objects as never });

describe('behind a Service', () => {
  test('stand the addresses of its slices, and of no other’s, live', async () => {
    const mine = endpointSlice({
      endpoints: [
        { addresses: ['10.244.0.1'], conditions: { ready: true }, targetRef: target('web-1'), nodeName: 'node-1' },
        { addresses: ['10.244.0.2'], conditions: { ready: false } },
      ],
    });
    const other = endpointSlice({ metadata: { name: 'db-1', labels: { 'kubernetes.io/service-name': 'db' } } });
    const { line } = of(service(), [mine, other]);
    await waitFor(() =>
      expect(cells()).toEqual([
        ['10.244.0.1:8080', 'Ready', 'web-1', 'node-1'],
        ['10.244.0.2:8080', 'Not ready', '–', '–'],
      ]),
    );
    expect(screen.getByRole('link', { name: 'web-1' }).getAttribute('href')).toBe('/c/main/pods/default/web-1');
    expect(screen.getByRole('link', { name: 'node-1' }).getAttribute('href')).toBe('/c/main/nodes/node-1');
    act(() => line.put({ ...mine, endpoints: [{ addresses: ['10.244.0.9'] }] } as never));
    // Absent means ready, as the API says.
    await waitFor(() => expect(cells()).toEqual([['10.244.0.9:8080', 'Ready', '–', '–']]));
  });

  test('is said to be nothing where there is nothing', async () => {
    of(service());
    expect(await screen.findByText('No endpoints')).toBeTruthy();
  });

  test('and what may not be seen is told so', async () => {
    const { line } = of(service());
    line.refuse('endpointslices', 403, 'not you');
    expect(await screen.findByText('You may not see this')).toBeTruthy();
  });
});

test('a slice has all it says in itself, with every port and address', () => {
  const slice = endpointSlice({
    endpoints: [{ addresses: ['10.244.0.1', '10.244.0.2'] }],
    ports: [{ port: 80 }, { port: 443 }],
  });
  showPage(<SliceEndpoints object={untyped(slice)} around={NO_SURROUNDINGS} />);
  expect(cells()).toEqual([['10.244.0.1:80,443, 10.244.0.2:80,443', 'Ready', '–', '–']]);
});
