// @vitest-environment jsdom
import { event } from '@binnacle/testing-fixtures';
import { layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { ListPage } from './list-page.js';

beforeEach(() => layOut());
afterEach(cleanup);

const happened = (name: string, second: number, fields: object) =>
  event({
    metadata: { name, uid: name } as never,
    lastTimestamp: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    ...fields,
  });
const about = (kind: string, name: string) => ({
  involvedObject: { apiVersion: 'v1', kind, namespace: 'default', name },
});
const EVENTS = [
  happened('a', 1, { reason: 'Scheduled', message: 'assigned web-1 to worker-1', ...about('Pod', 'web-1') }),
  happened('b', 3, {
    reason: 'BackOff',
    type: 'Warning',
    message: 'Back-off pulling image',
    count: 12,
    ...about('Pod', 'web-1'),
  }),
  happened('c', 2, {
    reason: 'NodeNotReady',
    type: 'Warning',
    message: 'Node is not ready',
    ...about('Node', 'worker-1'),
  }),
];

async function events(address = '/c/main/events') {
  const page = showPage(<ListPage id="events" />, { objects: EVENTS, address });
  await screen.findByRole('table', { name: 'Events' });
  return page;
}
const rows = () => screen.getAllByRole('row').slice(1);
const reasons = () => rows().map((row) => within(row).getAllByRole('link')[0]?.textContent);
const filterBox = () => screen.getByRole('searchbox', { name: 'Filter Events' });

describe('a list of Events', () => {
  test('begins with the latest, and has neither name nor age', async () => {
    await events();
    expect(reasons()).toEqual(['BackOff', 'NodeNotReady', 'Scheduled']);
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      '',
      'Reason',
      'Object',
      'Namespace',
      'Message',
      'Count',
      'Last seen',
      'Actions',
    ]);
  });

  test('tells what each is about as a way there', async () => {
    await events();
    const [first] = rows();
    const links = within(first as HTMLElement).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/c/main/events/default/b',
      '/c/main/pods/default/web-1',
    ]);
  });

  test('is neither healthy nor ill, but normal or a warning', async () => {
    const { user } = await events();
    const group = screen.getByRole('group', { name: 'Status filter' });
    expect(
      within(group)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual(['Warning2', 'Normal1']);
    await user.click(within(group).getByRole('button', { name: /Normal/ }));
    expect(reasons()).toEqual(['Scheduled']);
  });

  test.each([
    ['web-1', ['BackOff', 'Scheduled'], 'telling of “web-1”'],
    ['worker-1', ['NodeNotReady', 'Scheduled'], 'telling of “worker-1”'],
    ['"not ready"', ['NodeNotReady'], 'telling of “not ready”'],
    ['-back', ['NodeNotReady', 'Scheduled'], 'not telling of “back”'],
    ['reason:BackOff', ['BackOff'], 'reason is BackOff'],
    ['object:Pod/*', ['BackOff', 'Scheduled'], 'object is Pod/*'],
    ['count:>10', ['BackOff'], 'count is >10'],
  ])('is searched in what it tells: %s', async (query, found, understood) => {
    await events(`/c/main/events?q=${encodeURIComponent(query)}`);
    expect(reasons()).toEqual(found);
    expect(screen.getByRole('button', { name: `Take out: ${understood}` })).toBeTruthy();
  });

  test('keeps its order while more happens', async () => {
    const { line, user } = await events();
    await user.type(filterBox(), 'type');
    await user.clear(filterBox());
    act(() => line.put(happened('d', 9, { reason: 'Pulled', ...about('Pod', 'web-1') })));
    await waitFor(() => expect(reasons()).toEqual(['Pulled', 'BackOff', 'NodeNotReady', 'Scheduled']));
  });
});
