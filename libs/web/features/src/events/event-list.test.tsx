// @vitest-environment jsdom
import { event, namespace, node, pod } from '@binnacle/testing-fixtures';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { EventsTab } from '../detail/events-tab.js';
import { EventList } from './event-list.js';

afterEach(cleanup);

const untyped = (object: KubeObject) => object as UnstructuredObject;
const happened = (name: string, fields: object = {}) => event({ metadata: { name, uid: name } as never, ...fields });
const items = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent);

describe('Events in a list', () => {
  test('say what happened, by whom it is said, and how often', () => {
    showPage(<EventList events={[untyped(happened('a', { count: 4 })), untyped(happened('b', { count: 1 }))]} />);
    expect(items()).toEqual([
      expect.stringMatching(/^Scheduleddefault-schedulerSuccessfully assigned default\/pod-1 to node-1.*×4$/),
      expect.not.stringContaining('×'),
    ]);
  });

  test('say of whom, as a way there, where they stand among others', () => {
    showPage(<EventList events={[untyped(happened('a'))]} withObject />);
    expect(items()[0]).toContain('Pod/default/pod-1');
    expect(screen.getByRole('link', { name: 'pod-1' }).getAttribute('href')).toBe('/c/main/pods/default/pod-1');
  });

  test('tell a warning from what is normal by shape and colour', () => {
    showPage(<EventList events={[untyped(happened('a', { type: 'Warning' })), untyped(happened('b'))]} />);
    const glyphs = screen.getAllByRole('listitem').map((item) => item.querySelector('svg')?.getAttribute('class'));
    expect(glyphs).toEqual([expect.stringContaining('text-warn'), expect.stringContaining('text-idle')]);
  });
});

describe('the Events of an object', () => {
  const of = (object: KubeObject, events: readonly KubeObject[]) =>
    showPage(<EventsTab object={untyped(object)} />, { objects: events });

  test('are those about it, the latest first, and no others', async () => {
    of(pod(), [
      happened('old', { reason: 'Scheduled', lastTimestamp: '2026-01-01T00:00:01Z' }),
      happened('new', { reason: 'Started', lastTimestamp: '2026-01-01T00:00:09Z' }),
      happened('else', {
        reason: 'OfAnother',
        involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'pod-2' },
      }),
      happened('alike', { reason: 'OfANode', involvedObject: { apiVersion: 'v1', kind: 'Node', name: 'pod-1' } }),
    ]);
    const list = await screen.findByRole('list');
    expect(
      within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => /^(Started|Scheduled|Of[A-Z])/.exec(textContent ?? '')?.[0]),
    ).toEqual(['Started', 'Scheduled']);
  });

  test.each([
    ['a node', node(), { kind: 'Node', name: 'node-1' }],
    ['a Namespace', namespace({ metadata: { name: 'shop' } }), { kind: 'Namespace', name: 'shop' }],
  ])('of %s, which has no namespace, are found wherever they are kept', async (_, object, involved) => {
    of(object, [happened('a', { involvedObject: { apiVersion: 'v1', ...involved } })]);
    expect(await screen.findByText('Scheduled')).toBeTruthy();
  });

  test('that there are none of are said not to be, with how long they are kept', async () => {
    const { line } = of(pod(), []);
    expect(await screen.findByText('No events')).toBeTruthy();
    expect(screen.getByText('Events are kept for about an hour.')).toBeTruthy();
    act(() => line.put(happened('a')));
    expect(await screen.findByText('Scheduled')).toBeTruthy();
  });

  test('that may not be seen are told so', async () => {
    const { line } = of(pod(), []);
    line.refuse('events', 403, 'not the events');
    expect(await screen.findByText('You may not see this')).toBeTruthy();
  });
});
