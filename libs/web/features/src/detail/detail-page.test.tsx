// @vitest-environment jsdom
import {
  configMap,
  deployment,
  event,
  namespace,
  node,
  pod,
  replicaSet,
  runningPod,
  service,
} from '@binnacle/testing-fixtures';
import type { KubeObject, ObjectRef } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { type PageOptions, showPage } from '../testing/page.js';
import { RESOURCES, resource } from '../testing/render.js';
import { drafts } from '../yaml/drafts.js';
import { DetailPage } from './detail-page.js';

const read = vi.fn<(path: string) => unknown>();
beforeEach(() => {
  layOut();
  read.mockReset();
  vi.stubGlobal('fetch', async (path: string) => {
    const found = read(path);
    return found ? Response.json(found) : Response.json({ kind: 'Status', code: 404 }, { status: 404 });
  });
});
afterEach(() => {
  cleanup();
  drafts.forgetAll();
  vi.unstubAllGlobals();
});

const owner = (kind: string, name: string, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind,
  name,
  uid: `uid of ${name}`,
  controller: true,
});
const WEB = runningPod('node-1', '10.244.0.1', {
  metadata: { name: 'web-1-x', labels: { app: 'web' }, ownerReferences: [owner('ReplicaSet', 'web-1')] },
});
const eventOf = (name: string, about: KubeObject, more: object = {}) =>
  event({
    metadata: { name, uid: name } as never,
    involvedObject: { apiVersion: about.apiVersion, kind: about.kind, namespace: 'default', name: about.metadata.name },
    ...more,
  });

function pageOf(id: string, ref: ObjectRef, objects: readonly KubeObject[], options: PageOptions = {}) {
  const address = `/c/main/${[id, ref.namespace, ref.name].filter(Boolean).join('/')}`;
  return showPage(<DetailPage id={id} objectRef={ref} />, { address, objects, ...options });
}
const podPage = (objects: readonly KubeObject[] = [WEB], options: PageOptions = {}) =>
  pageOf('pods', { namespace: 'default', name: 'web-1-x' }, objects, options);
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const tabList = () => screen.findByRole('navigation');
/** The page of an object, which is headed by its kind and its name. */
async function shown(title: string): Promise<void> {
  await tabList();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(title);
}
const tabs = () => within(screen.getByRole('navigation', { name: 'Views of this object' })).getAllByRole('link');
const panel = (name: string) => screen.getByRole('heading', { level: 2, name }).closest('section') as HTMLElement;
/** The facts of a page, by their labels. */
function facts(): Record<string, string> {
  const terms = [...panel('Facts').querySelectorAll('dt')];
  // Times have blanks of their own before AM and PM.
  const said = (element: Element | null) => (element?.textContent ?? '').replaceAll(/\s/g, ' ');
  return Object.fromEntries(terms.map((term) => [said(term), said(term.nextElementSibling)]));
}

describe('the page of an object', () => {
  test('is headed by its kind, its name and how it stands', async () => {
    podPage();
    await shown('Pod web-1-x');
    expect(screen.getAllByText('Running').length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Copy web-1-x' })).toBeTruthy();
  });

  test('tells what its kind tells, and what every object has', async () => {
    podPage();
    await shown('Pod web-1-x');
    expect(facts()).toMatchObject({
      Node: 'node-1',
      'Pod IP': '10.244.0.1',
      Namespace: 'default',
      UID: WEB.metadata.uid,
      Revision: '1',
      Created: expect.stringMatching(/^Jan 1, 2026, 12:00:00 AM UTC \(/),
    });
  });

  test('shows its parts, its conditions, its labels and its annotations', async () => {
    podPage([
      {
        ...WEB,
        metadata: {
          ...WEB.metadata,
          annotations: { note: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
        },
      },
    ]);
    await shown('Pod web-1-x');
    expect(panel('Containers').textContent).toMatch(/main.*nginx:1\.29.*Running/);
    expect(within(panel('Conditions')).getAllByRole('listitem')).toHaveLength(4);
    expect(panel('Labels').textContent).toBe('Labels1app=web');
    // What kubectl keeps for itself is nobody's reading.
    expect(panel('Annotations').textContent).toBe('Annotations1note=x');
  });

  test('says when it is being deleted, since when, and what holds it up', async () => {
    const now = Date.now();
    podPage([
      {
        ...WEB,
        metadata: {
          ...WEB.metadata,
          finalizers: ['example.com/hold'],
          deletionTimestamp: new Date(now + 20_000).toISOString(),
          deletionGracePeriodSeconds: 30,
        },
      },
    ]);
    await shown('Pod web-1-x');
    expect(facts()).toMatchObject({
      Finalizers: 'example.com/hold',
      'Being deleted since': expect.stringMatching(/^1[01]s$/),
    });
  });

  test.each(LOCALES)('has its words in the language of the page (%s)', async (locale) => {
    podPage([WEB], { locale });
    await tabList();
    const titles = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent ?? '');
    expect(titles.length).toBeGreaterThan(3);
    const foreign = locale === 'en' ? /[\u4e00-\u9fff]/ : /^[A-Za-z ]+$/;
    expect(titles.filter((title) => foreign.test(title))).toEqual([]);
  });

  test('is nothing axe has anything to say of', async () => {
    podPage([WEB, eventOf('e1', WEB)]);
    await shown('Pod web-1-x');
    expect(await accessibilityFindings()).toEqual([]);
  });
});

describe('its tabs', () => {
  test.each([
    ['pods', WEB, ['Summary', 'Logs', 'Events', 'YAML', 'Who set it']],
    ['deployments.apps', deployment(), ['Summary', 'Logs', 'Events', 'YAML', 'Who set it']],
    ['configmaps', configMap(), ['Summary', 'Events', 'YAML', 'Who set it']],
  ])('of %s are those its kind has', async (id, object, names) => {
    pageOf(id, { namespace: 'default', name: object.metadata.name ?? '' }, [object]);
    await tabList();
    expect(tabs().map(({ textContent }) => textContent)).toEqual(names);
    expect(tabs()[0]?.getAttribute('aria-current')).toBe('page');
  });

  test('have no logs where the server hands out none, and no other way there is', async () => {
    const resources = RESOURCES.map((each) =>
      each.resource === 'pods' ? { ...each, subresources: ['status'] } : each,
    );
    podPage([WEB], { resources });
    await shown('Pod web-1-x');
    expect(tabs().map(({ textContent }) => textContent)).toEqual(['Summary', 'Events', 'YAML', 'Who set it']);
    expect(screen.queryByRole('link', { name: 'Logs of main' })).toBeNull();
  });

  test('are in the address, and take each other’s place in the history', async () => {
    const { user } = podPage([WEB, eventOf('e1', WEB, { reason: 'Pulled', message: 'the image is here' })]);
    await shown('Pod web-1-x');
    const before = window.history.length;
    await user.click(screen.getByRole('link', { name: 'Events' }));
    expect(window.location.search).toBe('?tab=events');
    expect(window.history.length).toBe(before);
    expect(screen.queryByRole('heading', { level: 2, name: 'Facts' })).toBeNull();
    expect(await screen.findByText('the image is here')).toBeTruthy();
    expect(tabs()[2]?.getAttribute('aria-current')).toBe('page');
  });

  test('that the address names and there are none of are the summary', async () => {
    podPage([WEB], { address: '/c/main/pods/default/web-1-x?tab=nonsense' });
    await shown('Pod web-1-x');
    expect(tabs()[0]?.getAttribute('aria-current')).toBe('page');
  });

  test('say where something is written and not applied', async () => {
    drafts.write(`main/${WEB.metadata.uid}`, { base: WEB as never, text: 'half a word' });
    podPage();
    await shown('Pod web-1-x');
    expect(tabs().at(-2)?.textContent).toBe('YAMLChanges not yet applied');
  });
});

describe('what an object has to do with', () => {
  test('its owners are a way up, and theirs', async () => {
    read.mockImplementation((path) =>
      path.endsWith('/replicasets/web-1')
        ? replicaSet({ metadata: { ownerReferences: [owner('Deployment', 'web')] } })
        : undefined,
    );
    podPage();
    const chain = await screen.findByRole('list', { name: 'Belongs to' });
    await waitFor(() => expect(chain.textContent).toBe('Deployment/webReplicaSet/web-1'));
    expect(
      within(chain)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(['/c/main/deployments.apps/default/web', '/c/main/replicasets.apps/default/web-1']);
    expect(read.mock.calls.map(([path]) => path)).toContain('/apis/apps/v1/namespaces/default/replicasets/web-1');
  });

  test('an owner of a kind that is not served is named without a way to it', async () => {
    podPage([{ ...WEB, metadata: { ...WEB.metadata, ownerReferences: [owner('Widget', 'w', 'example.com/v1')] } }]);
    const chain = await screen.findByRole('list', { name: 'Belongs to' });
    expect(chain.textContent).toBe('Widget/w');
    expect(within(chain).queryByRole('link')).toBeNull();
  });

  test('a Deployment has its Pods and its own ReplicaSets, live', async () => {
    const web = deployment();
    const mine = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'web',
      uid: web.metadata.uid ?? '',
      controller: true,
    };
    const sets = [
      replicaSet({ metadata: { name: 'web-1', ownerReferences: [mine] } }),
      replicaSet({ metadata: { name: 'alike-1' } }),
    ];
    const { line } = pageOf('deployments.apps', { namespace: 'default', name: 'web' }, [web, WEB, ...sets]);
    await shown('Deployment web');
    const names = (title: string) =>
      within(panel(title))
        .getAllByRole('row')
        .slice(1)
        .map((row) => within(row).getAllByRole('link')[0]?.getAttribute('aria-label'));
    await waitFor(() => expect(names('Pods')).toEqual(['web-1-x']));
    expect(names('ReplicaSets')).toEqual(['web-1']);
    act(() => line.put(runningPod('n', '10.244.0.2', { metadata: { name: 'web-1-y', labels: { app: 'web' } } })));
    await waitFor(() => expect(names('Pods')).toEqual(['web-1-x', 'web-1-y']));
  });

  test('a node has its Pods, whose node need not be said, and how much they ask of it', async () => {
    const there = runningPod('node-1', '10.244.0.7', {
      spec: { containers: [{ name: 'main', image: 'i', resources: { requests: { cpu: '1', memory: '2Gi' } } }] },
    });
    pageOf('nodes', { namespace: '', name: 'node-1' }, [
      node(),
      there,
      runningPod('other', '10.244.0.8', { metadata: { name: 'else' } }),
    ]);
    await shown('Node node-1');
    await waitFor(() => expect(within(panel('Pods')).getAllByRole('row')).toHaveLength(2));
    expect(
      within(panel('Pods'))
        .getAllByRole('columnheader')
        .map(({ textContent }) => textContent),
    ).not.toContain('Node');
    const meters = within(panel('Capacity')).getAllByRole('meter');
    expect(meters.map((meter) => [meter.getAttribute('aria-label'), meter.nextElementSibling?.textContent])).toEqual([
      ['Pods', '1 / 110'],
      ['CPU', '1 / 4'],
      ['Memory', '2 GiB / 8 GiB'],
    ]);
  });

  test('a Namespace has what is in it', async () => {
    pageOf('namespaces', { namespace: '', name: 'default' }, [namespace(), WEB, deployment()]);
    await shown('Namespace default');
    await waitFor(() => expect(panel('Pods').textContent).toContain('web-1-x'));
    expect(panel('Deployments').textContent).toContain('web');
  });

  test('a Service without endpoints says so', async () => {
    pageOf('services', { namespace: 'default', name: 'web' }, [service()]);
    await shown('Service web');
    expect(await within(panel('Endpoints')).findByText('No endpoints')).toBeTruthy();
  });

  test('its latest events stand on its page, and those of others do not', async () => {
    const events = Array.from({ length: 8 }, (_, at) =>
      eventOf(`e${at}`, WEB, { reason: `Reason${at}`, lastTimestamp: `2026-01-01T00:00:0${at}Z` }),
    );
    podPage([WEB, ...events, eventOf('other', pod(), { reason: 'OfAnother' })]);
    await shown('Pod web-1-x');
    await waitFor(() => expect(screen.getByText('Reason7')).toBeTruthy());
    const told = within(panel('Events'))
      .getAllByRole('listitem')
      .map((item) => /Reason\d/.exec(item.textContent ?? '')?.[0]);
    expect(told).toEqual(['Reason7', 'Reason6', 'Reason5', 'Reason4', 'Reason3', 'Reason2']);
    expect(within(panel('Events')).getByRole('link', { name: '2 more' }).getAttribute('href')).toContain('tab=events');
    expect(screen.queryByText('OfAnother')).toBeNull();
  });
});

describe('of a kind the dashboard knows nothing of', () => {
  const WIDGET = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'one', namespace: 'default', uid: 'w', resourceVersion: '1' },
    spec: { size: 3 },
  };

  test('its page tells what the server prints of it, and all that it says', async () => {
    read.mockImplementation((path) =>
      path.includes('/widgets/one')
        ? {
            kind: 'Table',
            columnDefinitions: [
              { name: 'Name', type: 'string' },
              { name: 'Size', type: 'integer' },
              { name: 'Since', type: 'string', format: 'date-time' },
              { name: 'Age', type: 'date' },
            ],
            rows: [{ cells: ['one', 3, null, '1d'] }],
          }
        : undefined,
    );
    const resources = [...RESOURCES, resource('widgets.example.com', 'Widget')];
    pageOf('widgets.example.com', { namespace: 'default', name: 'one' }, [WIDGET], { resources });
    await shown('Widget one');
    await waitFor(() => expect(facts()).toMatchObject({ Size: '3', Since: '–' }));
    expect(facts()).not.toHaveProperty('Age');
    expect((await screen.findByText(/size: 3/)).tagName).toBe('PRE');
  });
});

describe('an object that is not there', () => {
  test('is said not to be, once that is known', async () => {
    podPage([]);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Pod web-1-x');
    expect(await heading('Pod “web-1-x” does not exist')).toBeTruthy();
  });

  test('any more is shown as it was last, without anything to do to it', async () => {
    const { line } = podPage();
    await shown('Pod web-1-x');
    expect(screen.getByRole('button', { name: 'Actions' })).toBeTruthy();
    act(() => line.drop(WEB));
    expect(await screen.findByText('web-1-x has been deleted. This is its last state.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Actions' })).toBeNull();
    expect(facts()).toMatchObject({ Node: 'node-1' });
  });

  test('and comes again under its name is itself again', async () => {
    const { line } = podPage();
    await shown('Pod web-1-x');
    act(() => line.drop(WEB));
    await screen.findByText(/has been deleted/);
    act(() => line.put(WEB));
    await waitFor(() => expect(screen.queryByText(/has been deleted/)).toBeNull());
  });

  test('for those who may not see it is told in the words of the server, under a heading', async () => {
    const { line } = podPage([]);
    line.refuse('pods', 403, 'User "ann" cannot get pods');
    expect(await heading('You may not see this')).toBeTruthy();
    expect(screen.getByText(/User "ann" cannot get pods/)).toBeTruthy();
  });

  test('because there is no such kind is told with its name', () => {
    pageOf('widgets.example.com', { namespace: '', name: 'one' }, []);
    expect(screen.getByRole('heading', { name: 'This cluster serves no kind “widgets.example.com”' })).toBeTruthy();
  });
});

test('on a lost line the page keeps what it knew, and says until when it was so', async () => {
  const { line } = podPage();
  await shown('Pod web-1-x');
  act(() => line.cut());
  expect((await screen.findAllByText(/^As of /)).length).toBeGreaterThan(0);
  expect(facts()).toMatchObject({ Node: 'node-1' });
});

test('the first two actions are buttons, the others in a menu, and dangerous ones never buttons', async () => {
  const { user } = pageOf('deployments.apps', { namespace: 'default', name: 'web' }, [deployment()]);
  await shown('Deployment web');
  expect(screen.getByRole('button', { name: 'Scale…' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Restart…' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Delete…' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Actions' }));
  expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual([
    'Who can…',
    'Roll back…',
    'Delete…',
  ]);
  await user.click(screen.getByRole('menuitem', { name: 'Delete…' }));
  expect(await screen.findByRole('dialog', { name: 'Delete Deployment web?' })).toBeTruthy();
});
