// @vitest-environment jsdom
import { configMap, pod, runningPod, secret } from '@binnacle/testing-fixtures';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { type PageOptions, type ShownPage, showPage } from '../testing/page.js';
import { ListPage } from './list-page.js';

const waiting = (reason: string) => [
  { name: 'main', image: 'i', imageID: '', ready: false, restartCount: 5, state: { waiting: { reason } } },
];
const PODS = [
  runningPod('worker-1', '10.244.0.1', { metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } } }),
  runningPod('worker-2', '10.244.0.2', { metadata: { name: 'web-2', namespace: 'shop', labels: { app: 'web' } } }),
  runningPod('worker-10', '10.244.0.3', { metadata: { name: 'web-10', namespace: 'shop', labels: { app: 'web' } } }),
  runningPod('worker-1', '10.244.0.4', {
    metadata: { name: 'db-1', namespace: 'data', labels: { app: 'db' } },
    status: { containerStatuses: waiting('CrashLoopBackOff') },
  }),
  pod({ metadata: { name: 'new-1', namespace: 'data', labels: { app: 'db' } } }),
];

beforeEach(() => layOut({ width: 1_280 }));
afterEach(cleanup);

const listOf = (id: string, options: PageOptions = {}) =>
  showPage(<ListPage id={id} />, { address: `/c/main/${id}`, ...options });
async function pods(address = '/c/main/pods', objects: PageOptions['objects'] = PODS): Promise<ShownPage> {
  const page = listOf('pods', { address, objects });
  await screen.findByRole('table');
  return page;
}
const bodyRows = () => screen.getAllByRole('row').slice(1);
const names = () => bodyRows().map((row) => within(row).getAllByRole('link')[0]?.getAttribute('aria-label'));
const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
const search = () => new URLSearchParams(window.location.search);
const filterBox = () => screen.getByRole('searchbox', { name: 'Filter Pods' });

describe('a list', () => {
  test('is loading, and then there: counted, named, by name as people count', async () => {
    listOf('pods', { objects: PODS });
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
    await screen.findByRole('table', { name: 'Pods' });
    expect(names()).toEqual(['db-1', 'new-1', 'web-1', 'web-2', 'web-10']);
    const heading = screen.getByRole('heading', { level: 1, name: 'Pods' });
    expect(heading.nextElementSibling?.textContent).toBe('5');
  });

  test('says of each row what its kind says, between its name and its age', async () => {
    await pods();
    expect(heads()).toEqual(['', 'Name', 'Namespace', 'Status', 'Ready', 'Restarts', 'Node', 'IP', 'Age', 'Actions']);
    const cells = within(bodyRows()[0] as HTMLElement).getAllByRole('cell');
    expect(cells.map(({ textContent }) => textContent).slice(1, 8)).toEqual([
      'db-1',
      'data',
      'CrashLoopBackOff',
      '0/1',
      '5',
      'worker-1',
      '10.244.0.4',
    ]);
  });

  test('of one namespace does not say which in every row', async () => {
    await pods('/c/main/pods?ns=shop');
    expect(names()).toEqual(['web-1', 'web-2', 'web-10']);
    expect(heads()).not.toContain('Namespace');
  });

  test('is live: what comes, changes and goes is seen', async () => {
    const { line } = await pods();
    act(() => line.put(runningPod('worker-2', '10.244.0.9', { metadata: { name: 'a-1', namespace: 'data' } })));
    await waitFor(() => expect(names()[0]).toBe('a-1'));
    act(() => line.drop(PODS[0] as never, PODS[1] as never));
    await waitFor(() => expect(names()).toEqual(['a-1', 'db-1', 'new-1', 'web-10']));
    act(() => line.put({ ...PODS[4], status: { phase: 'Failed', reason: 'Evicted' } } as never));
    await screen.findByText('Evicted');
  });

  test.each(LOCALES)('is all in the language of the page (%s)', async (locale) => {
    listOf('pods', { objects: PODS, locale });
    await screen.findByRole('table');
    const foreign = locale === 'en' ? /[\u4e00-\u9fff]/ : /Namespace|Restarts|Filter|Actions|Select/;
    const spoken = [...document.querySelectorAll('[aria-label], [placeholder], button, [role="columnheader"]')]
      .filter((element) => !element.matches('a, [role="table"]'))
      .map(
        (element) => element.getAttribute('aria-label') ?? element.getAttribute('placeholder') ?? element.textContent,
      );
    expect(spoken.filter((words) => foreign.test(words ?? ''))).toEqual([]);
  });

  test('is nothing axe has anything to say of', async () => {
    await pods('/c/main/pods?q=web&sel=shop/web-1');
    expect(await accessibilityFindings()).toEqual([]);
  });
});

describe('its order', () => {
  test('is changed by the heads of columns: one way, the other, and back to that of the kind', async () => {
    const { user } = await pods();
    const restarts = () => screen.getByRole('button', { name: 'Restarts' });
    await user.click(restarts());
    expect(search().get('sort')).toBe('restarts');
    expect(names().at(-1)).toBe('db-1');
    await user.click(restarts());
    expect(search().get('sort')).toBe('-restarts');
    expect(names()[0]).toBe('db-1');
    await user.click(restarts());
    expect(search().get('sort')).toBeNull();
    expect(names()).toEqual(['db-1', 'new-1', 'web-1', 'web-2', 'web-10']);
  });

  test('is that of the address, and equal rows are in order of their names', async () => {
    await pods('/c/main/pods?sort=-node');
    expect(names()).toEqual(['web-10', 'web-2', 'db-1', 'web-1', 'new-1']);
  });

  test('by a column there is none of is that of the names', async () => {
    await pods('/c/main/pods?sort=nonsense');
    expect(names()[0]).toBe('db-1');
  });
});

describe('its filter', () => {
  test('is typed, followed, told and put into the address', async () => {
    const { user } = await pods();
    await user.type(filterBox(), 'web -web-10 status:Running');
    await waitFor(() => expect(names()).toEqual(['web-1', 'web-2']));
    expect(search().get('q')).toBe('web -web-10 status:Running');
    expect(screen.getByText('2 of 5')).toBeTruthy();
    const understood = within(screen.getByRole('list', { name: 'The filter as it was understood' }));
    expect(understood.getAllByRole('button').map(({ textContent }) => textContent)).toEqual([
      'name or namespace with “web”',
      'name and namespace without “web-10”',
      'status is Running',
    ]);
  });

  test('is taken apart by pressing its parts', async () => {
    const { user } = await pods('/c/main/pods?q=app%3Dweb+node:worker-1');
    expect(names()).toEqual(['web-1']);
    await user.click(screen.getByRole('button', { name: 'Take out: node is worker-1' }));
    expect(names()).toEqual(['web-1', 'web-2', 'web-10']);
    expect(search().get('q')).toBe('app=web');
  });

  test.each([
    ['nod:worker-1', /There is no field “nod” here, only name, namespace, status, ready/],
    ['app in (web', 'A list needs its closing parenthesis. Not applied yet.'],
    ['"web', 'A quotation needs its closing mark. Not applied yet.'],
    ['a=b=c', /Not a label selector/],
  ])('that is not understood (%s) says so, and is not applied', async (query, problem) => {
    await pods(`/c/main/pods?q=${encodeURIComponent(query)}`);
    expect(screen.getByText(problem)).toBeTruthy();
    expect(names()).toHaveLength(5);
  });

  test('that hides everything says so, offers what would be found, and is taken back', async () => {
    const { user } = await pods('/c/main/pods?q=db-1');
    await user.clear(filterBox());
    await user.type(filterBox(), 'worker-2');
    await screen.findByText('Nothing fits the filter');
    expect(screen.getByText(/5 objects do not fit it/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'node:worker-2' }));
    expect(names()).toEqual(['web-2']);
    await user.click(screen.getByRole('button', { name: 'Clear filter' }));
    await waitFor(() => expect(names()).toHaveLength(5));
  });

  test('is gone to by /, and emptied and left by Escape', async () => {
    const { user } = await pods('/c/main/pods?q=web');
    await user.keyboard('/');
    expect(document.activeElement).toBe(filterBox());
    await user.keyboard('{Escape}');
    await waitFor(() => expect(search().get('q')).toBeNull());
    expect(document.activeElement).not.toBe(filterBox());
    expect((filterBox() as HTMLInputElement).value).toBe('');
  });

  test('follows an address that changes, but not under the hands of who types', async () => {
    const { user } = await pods();
    act(() => window.history.replaceState(null, '', '/c/main/pods?q=db'));
    expect((filterBox() as HTMLInputElement).value).toBe('db');
    await user.type(filterBox(), '-1');
    act(() => window.history.replaceState(null, '', '/c/main/pods?q=other'));
    expect((filterBox() as HTMLInputElement).value).toBe('db-1');
  });
});

describe('how many stand how', () => {
  const facet = (name: RegExp) => screen.getByRole('button', { name });

  test('is told, whatever the filter, and narrows the list', async () => {
    const { user } = await pods('/c/main/pods?q=web');
    expect(facet(/Failing\s*1/)).toBeTruthy();
    expect(facet(/Healthy\s*3/)).toBeTruthy();
    await user.click(facet(/Healthy/));
    expect(search().get('status')).toBe('ok');
    expect(facet(/Healthy/).getAttribute('aria-pressed')).toBe('true');
    await user.click(facet(/Failing/));
    expect(screen.getByText('Nothing fits the filter')).toBeTruthy();
    await user.click(facet(/Failing/));
    expect(search().get('status')).toBeNull();
    expect(names()).toHaveLength(3);
  });

  test('is not told where all stand alike', async () => {
    await pods('/c/main/pods', PODS.slice(0, 3));
    expect(screen.queryByRole('group', { name: 'Status filter' })).toBeNull();
  });
});

describe('ticked rows', () => {
  const tick = (name: string) => screen.getByRole('checkbox', { name: `Select ${name}` });

  test('are in the address, counted in a bar, and let go', async () => {
    const { user } = await pods();
    await user.click(tick('shop/web-1'));
    await user.click(tick('data/db-1'));
    expect(search().get('sel')).toBe('shop/web-1,data/db-1');
    const bar = screen.getByRole('toolbar', { name: 'Actions' });
    expect(within(bar).getByText('2 selected')).toBeTruthy();
    await user.click(within(bar).getByRole('button', { name: 'Clear selection' }));
    expect(screen.queryByRole('toolbar')).toBeNull();
    expect(search().get('sel')).toBeNull();
  });

  test('come with the address, and those that are not there do not count', async () => {
    await pods('/c/main/pods?sel=shop/web-1,shop/gone');
    expect(screen.getByText('1 selected')).toBeTruthy();
    expect((tick('shop/web-1') as HTMLInputElement).checked).toBe(true);
  });

  test('too many for an address stay ticked all the same', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      pod({ metadata: { name: `a-rather-long-name-${index}`, namespace: 'shop' } }),
    );
    const { user } = await pods('/c/main/pods', many);
    await user.click(screen.getByRole('checkbox', { name: 'Select all rows' }));
    expect(screen.getByText('200 selected')).toBeTruthy();
    expect(search().get('sel')).toBeNull();
  });
});

describe('what cannot be shown', () => {
  test('for want of rights is told in the words of the server', async () => {
    const page = listOf('secrets', { objects: [] });
    page.line.refuse('secrets', 403, 'User "ann" cannot list resource "secrets"');
    expect(await screen.findByText('You may not see this')).toBeTruthy();
    expect(screen.getByText(/User "ann" cannot list resource "secrets"/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
  });

  test.each([
    ['/c/main/pods', 'No Pods yet', 'kubectl get pods -A -w'],
    ['/c/main/pods?ns=empty', 'No Pods in empty', 'kubectl get pods -n empty -w'],
  ])(
    'at %s because there is none is told so, with the command that waits for some',
    async (address, title, command) => {
      listOf('pods', { address, objects: [] });
      expect(await screen.findByText(title)).toBeTruthy();
      expect(screen.getByText(command)).toBeTruthy();
    },
  );

  test('while it is not known whether there is none is said with until when it was so', async () => {
    const { line } = listOf('pods', { objects: [] });
    await screen.findByText('No Pods yet');
    act(() => line.cut());
    await screen.findByText(/^As of /, { selector: 'div' });
    expect(screen.queryByText('kubectl get pods -A -w')).toBeNull();
  });

  test('because the cluster has no such kind is told with its name', () => {
    listOf('widgets.example.com');
    expect(screen.getByRole('heading', { name: 'This cluster serves no kind “widgets.example.com”' })).toBeTruthy();
  });
});

test('a line that is lost leaves the rows, and says until when they were so', async () => {
  const { line } = await pods();
  act(() => line.cut());
  expect(await screen.findByText(/^As of /)).toBeTruthy();
  expect(names()).toHaveLength(5);
  act(() => line.mend());
  await waitFor(() => expect(screen.queryByText(/^As of /)).toBeNull());
});

test('what Secrets and ConfigMaps hold is not asked for by their lists', async () => {
  for (const [id, object] of [
    ['secrets', secret()],
    ['configmaps', configMap()],
  ] as const) {
    const { line, unmount } = listOf(id, { objects: [object] });
    await screen.findByRole('table');
    expect(line.subscriptions.find(({ resource }) => resource === id)).toMatchObject({ keysOnly: true });
    expect(screen.getByText('key')).toBeTruthy();
    unmount();
  }
});

test('a row is opened by a press, and the address is that of the object, in the namespace that was chosen', async () => {
  const { user } = await pods('/c/main/pods?ns=shop');
  await user.click(within(bodyRows()[1] as HTMLElement).getByText('1/1'));
  expect(window.location.pathname + window.location.search).toBe('/c/main/pods/shop/web-2?ns=shop');
});

test('a page of two thousand rows is drawn only where it is seen', async () => {
  const many = Array.from({ length: 2_000 }, (_, index) =>
    runningPod('worker-1', '10.244.1.1', { metadata: { name: `pod-${index}`, namespace: 'shop' } }),
  );
  await pods('/c/main/pods', many);
  expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('2001');
  expect(bodyRows().length).toBeLessThan(60);
  expect(screen.getByText('2,000')).toBeTruthy();
});
