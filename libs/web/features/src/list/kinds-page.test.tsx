// @vitest-environment jsdom
import { accessibilityFindings, layOut, resizeTo } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import { RESOURCES, resource } from '../testing/render.js';
import { KindsPage } from './kinds-page.js';

const SERVED = [
  ...RESOURCES,
  resource('widgets.example.com', 'Widget', { version: 'v1beta1', namespaced: false, shortNames: ['wi', 'wg'] }),
  resource('bindings', 'Binding', { verbs: ['create'] }),
];
beforeEach(() => layOut({ height: 4_000 }));
afterEach(cleanup);

const kinds = () => showPage(<KindsPage />, { resources: SERVED, address: '/c/main/kinds?ns=shop' });
const rows = () => screen.getAllByRole('row').slice(1);
const titles = () => rows().map((row) => within(row).getByRole('link').textContent);
const rowOf = (title: string) =>
  screen.getByRole('link', { name: title }).closest<HTMLElement>('[role="row"]') as HTMLElement;
const filter = () => screen.getByRole('searchbox', { name: 'Filter kinds' });

describe('all kinds', () => {
  test('that can be listed are there, by group and then by name, and no others', () => {
    kinds();
    expect(rows()).toHaveLength(RESOURCES.length + 1);
    const some = ['Widgets', 'Pods', 'Deployments', 'ConfigMaps', 'ReplicaSets', 'Leases'];
    expect(titles().filter((title) => some.includes(title ?? ''))).toEqual([
      'ConfigMaps',
      'Pods',
      'Deployments',
      'ReplicaSets',
      'Leases',
      'Widgets',
    ]);
    expect(titles()).not.toContain('Bindings');
  });

  test('are told by what kubectl calls them', () => {
    kinds();
    const cells = within(rowOf('Widgets')).getAllByRole('cell');
    expect(cells.map(({ textContent }) => textContent)).toEqual([
      'Widgets',
      'example.com/v1beta1',
      'Cluster',
      'widgets.example.com, wi, wg',
    ]);
    expect(within(rowOf('Pods')).getByText('core/v1')).toBeTruthy();
  });

  test('lead to their lists, in the namespace that was chosen', async () => {
    const { user } = kinds();
    expect(within(rowOf('Pods')).getByRole('link').getAttribute('href')).toBe('/c/main/pods?ns=shop');
    await user.click(within(rowOf('Deployments')).getByText('apps/v1'));
    expect(window.location.pathname).toBe('/c/main/deployments.apps');
  });

  test.each([
    ['deploy', ['Deployments']],
    ['WIDGET', ['Widgets']],
    ['wg', ['Widgets']],
    ['example.com', ['Widgets']],
    ['  secrets ', ['Secrets']],
  ])('are found by %j', async (typed, found) => {
    const { user } = kinds();
    await user.type(filter(), typed);
    await waitFor(() => expect(titles()).toEqual(found));
  });

  test('tell less where there is less room', () => {
    kinds();
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual([
      'Kind',
      'Group',
      'Scope',
      'kubectl',
    ]);
    act(() => resizeTo({ width: 500 }));
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(['Kind', 'Group']);
  });

  test('are nothing axe has anything to say of', async () => {
    kinds();
    expect(await accessibilityFindings()).toEqual([]);
  });
});
