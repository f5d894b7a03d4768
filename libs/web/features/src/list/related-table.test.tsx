// @vitest-environment jsdom
import { configMap, replicaSet, runningPod } from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showPage } from '../testing/page.js';
import type { RelatedObjects } from '../view/kind-view.js';
import { RelatedTable } from './related-table.js';

beforeEach(() => layOut());
afterEach(cleanup);

const POD = (name: string, more: object = {}) =>
  runningPod('node-1', '10.244.0.1', { metadata: { name, labels: { app: 'web' }, ...more } });
const PODS: RelatedObjects = {
  title: 'Pods',
  resource: 'pods',
  namespace: 'default',
  labelSelector: 'app=web',
  empty: 'No Pods',
};
const table = (related: Partial<RelatedObjects>, objects: readonly KubeObject[]) =>
  showPage(<RelatedTable {...PODS} {...related} />, { objects });
const names = () =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('link')[0]?.getAttribute('aria-label'));
const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);

describe('objects that have to do with another', () => {
  test('are those its selector finds, in its namespace, counted and in order', async () => {
    table({}, [
      POD('web-10'),
      POD('web-9'),
      POD('other', { labels: { app: 'db' } }),
      POD('far', { namespace: 'far', labels: { app: 'web' } }),
    ]);
    await waitFor(() => expect(names()).toEqual(['web-9', 'web-10']));
    expect(screen.getByRole('heading', { name: 'Pods' }).parentElement?.textContent).toBe('Pods2');
  });

  test('are those it owns, where no selector can say that', async () => {
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'mine', controller: true }];
    const sets = [
      replicaSet({ metadata: { name: 'mine-1', ownerReferences } }),
      replicaSet({ metadata: { name: 'alike-1' } }),
    ];
    table({ title: 'ReplicaSets', resource: 'replicasets.apps', ownedBy: 'mine' }, sets);
    await waitFor(() => expect(names()).toEqual(['mine-1']));
  });

  test('tell what their kind tells, but for what would be the same in every row', async () => {
    table({ without: ['node', 'ip'] }, [POD('web-1')]);
    await screen.findByRole('table');
    expect(heads()).toEqual(['Name', 'Status', 'Ready', 'Restarts', 'Age']);
    cleanup();
    table({ namespace: '' }, [POD('web-1')]);
    await screen.findByRole('table');
    expect(heads().slice(0, 2)).toEqual(['Name', 'Namespace']);
  });

  test('are live, and not there any more is said in words', async () => {
    const web = POD('web-1');
    const { line } = table({}, [web]);
    await waitFor(() => expect(names()).toEqual(['web-1']));
    act(() => line.drop(web));
    expect(await screen.findByText('No Pods')).toBeTruthy();
  });

  test('are opened by a press', async () => {
    const { user } = table({}, [POD('web-1')]);
    await user.click(await screen.findByText('Running'));
    expect(window.location.pathname).toBe('/c/main/pods/default/web-1');
  });

  test('of a kind that is not served are said to be of none', async () => {
    table({ resource: 'widgets.example.com' }, [configMap()]);
    expect(await screen.findByText('This cluster has nothing of this kind')).toBeTruthy();
  });

  test('that may not be seen are not told as none', async () => {
    const { line } = table({}, []);
    line.refuse('pods', 403, 'not the pods');
    expect(await screen.findByText('You may not see this')).toBeTruthy();
    expect(screen.queryByText('No Pods')).toBeNull();
  });
});
