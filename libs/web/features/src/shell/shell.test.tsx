// @vitest-environment jsdom
import { deployment, namespace, pod } from '@binnacle/testing-fixtures';
import type { KubeObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type PageOptions, showPage } from '../testing/page.js';
import { drafts } from '../yaml/drafts.js';
import { ClusterPages } from './cluster-pages.js';
import { Shell } from './shell.js';

const SESSION = { user: 'alice', groups: ['binnacle:editors', 'system:authenticated'] };
const OBJECTS: readonly KubeObject[] = [
  ...['default', 'shop', 'shop-2', 'kube-system'].map((name) => namespace({ metadata: { name } })),
  deployment(),
  pod({ metadata: { namespace: 'shop' } }),
];

const answered = vi.fn<(path: string, init?: RequestInit) => unknown>();
beforeEach(() => {
  layOut();
  localStorage.clear();
  answered.mockReset().mockReturnValue({});
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    const answer = answered(path, init);
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : Response.json(answer);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const frame = (options: PageOptions = {}) =>
  showPage(
    <Shell session={SESSION}>
      <ClusterPages />
    </Shell>,
    { objects: OBJECTS, ...options },
  );
const at = () => window.location.pathname + window.location.search;
const main = () => screen.getByRole('main');
const openPalette = async (user: ReturnType<typeof frame>['user']) => {
  await user.keyboard('{Control>}k{/Control}');
  return screen.findByRole('dialog', { name: 'Search and commands' });
};
const options = (dialog: HTMLElement) =>
  within(dialog)
    .getAllByRole('option')
    .map(({ textContent }) => textContent);
const chosen = (dialog: HTMLElement) => dialog.querySelector('[role="option"][data-selected="true"]')?.textContent;

describe('by two strokes', () => {
  test.each([
    ['go', '/c/main', 'Overview'],
    ['ga', '/c/main/kinds', 'All kinds'],
    ['gp', '/c/main/pods', 'Pods'],
    ['gd', '/c/main/deployments.apps', 'Deployments'],
    ['gn', '/c/main/nodes', 'Nodes'],
    ['gm', '/c/main/namespaces', 'Namespaces'],
    ['ge', '/c/main/events', 'Events'],
    ['gs', '/c/main/services', 'Services'],
    ['gr', '/c/main/replicasets.apps', 'ReplicaSets'],
    ['gc', '/c/main/configmaps', 'ConfigMaps'],
  ])('%s one is at %s', async (strokes, address, title) => {
    const { user } = frame({ address: '/c/main/secrets' });
    await screen.findByRole('heading', { level: 1, name: 'Secrets' });
    await user.keyboard(strokes);
    expect(at()).toBe(address);
    expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  });

  test('one stays in the namespace that was chosen', async () => {
    const { user } = frame({ address: '/c/main/pods?ns=shop' });
    await user.keyboard('gd');
    expect(at()).toBe('/c/main/deployments.apps?ns=shop');
  });

  test('the p of gp holds nothing still, the p alone does, and again lets go', async () => {
    const { user, live } = frame({ address: '/c/main/nodes' });
    await waitFor(() => expect(live.connection.get().state).toBe('live'));
    await user.keyboard('gp');
    expect(live.connection.get().paused).toBe(false);
    await user.keyboard('p');
    expect(live.connection.get().paused).toBe(true);
    expect(await screen.findByText(/Live updates are paused/)).toBeTruthy();
    await user.click(
      within(screen.getByText(/Live updates are paused/).closest('[role="status"]') as HTMLElement).getByRole(
        'button',
        { name: 'Resume live updates' },
      ),
    );
    expect(live.connection.get().paused).toBe(false);
  });
});

describe('a change of page', () => {
  test('is said aloud, is the title, and takes the focus to the content', async () => {
    const { user } = frame({ address: '/c/main/pods' });
    await waitFor(() => expect(document.title).toBe('Pods · Binnacle'));
    await user.keyboard('gd');
    await waitFor(() => expect(document.title).toBe('Deployments · Binnacle'));
    expect(screen.getByText('Deployments page').getAttribute('aria-live')).toBe('assertive');
    expect(document.activeElement).toBe(main());
  });

  test('to an address that is none of ours says so, whatever it is made of', async () => {
    frame({ address: '/c/main/a/b/c/d' });
    expect(await screen.findByRole('heading', { level: 1, name: 'There is no such page' })).toBeTruthy();
    cleanup();
    frame({ address: '/c/main/widgets/%E0%A4%A' });
    expect(await screen.findByRole('heading', { level: 1 })).toBeTruthy();
  });

  test('is told by the trail and by the side', async () => {
    frame({ address: '/c/main/pods/shop/pod-1?ns=shop' });
    const trail = screen.getByRole('navigation', { name: 'Breadcrumb' });
    expect(trail.textContent).toBe('Podsshoppod-1');
    expect(
      within(trail)
        .getAllByRole('link')
        .map((link) => link.getAttribute('href')),
    ).toEqual(['/c/main/pods?ns=shop', '/c/main/pods?ns=shop']);
    expect(within(trail).getByText('pod-1').getAttribute('aria-current')).toBe('page');
    const [side] = screen.getAllByRole('navigation', { name: 'Main' });
    const current = within(side as HTMLElement)
      .getAllByRole('link')
      .filter((link) => link.hasAttribute('aria-current'));
    expect(current.map(({ textContent }) => textContent)).toEqual(['Pods']);
  });
});

describe('the palette', () => {
  test('is opened and closed by its stroke, has the focus, and gives it back', async () => {
    const { user } = frame();
    const search = screen.getByRole('button', { name: /Search or jump to/ });
    search.focus();
    const dialog = await openPalette(user);
    expect(document.activeElement).toBe(within(dialog).getByRole('combobox'));
    await user.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(search));
  });

  test('finds kinds by their names and short names, and goes there', async () => {
    const { user } = frame();
    const dialog = await openPalette(user);
    await user.keyboard('deploy');
    await waitFor(() => expect(chosen(dialog)).toBe('Deploymentsapps'));
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/deployments.apps');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('chooses a namespace', async () => {
    const { user } = frame({ address: '/c/main/pods' });
    const dialog = await openPalette(user);
    await user.keyboard('shop');
    await waitFor(() => expect(chosen(dialog)).toBe('Show only shop'));
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/pods?ns=shop');
  });

  test('holds the page still, and changes its colours', async () => {
    const { user, live } = frame();
    await openPalette(user);
    await user.keyboard('pause live{Enter}');
    expect(live.connection.get().paused).toBe(true);
    await openPalette(user);
    await user.keyboard('dark{Enter}');
    expect(localStorage.getItem('binnacle.theme')).toBe('dark');
  });

  test('does what the page that is open can do', async () => {
    const { user } = frame({ address: '/c/main/deployments.apps/default/web' });
    await screen.findByRole('navigation', { name: 'Views of this object' });
    const dialog = await openPalette(user);
    expect(within(dialog).getByText('Deployment web')).toBeTruthy();
    await user.keyboard('restart');
    await waitFor(() => expect(chosen(dialog)).toBe('Restart…'));
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Restart web?' })).toBeTruthy();
  });

  test('is asked for objects, which the server finds', async () => {
    answered.mockImplementation((path) =>
      path.endsWith('/graphql')
        ? { data: { k4_0: { nodes: [{ metadata: { name: 'cart-1', namespace: 'shop' } }] } } }
        : {},
    );
    const { user } = frame();
    const dialog = await openPalette(user);
    await user.keyboard('cart');
    await waitFor(() => expect(options(dialog)).toContain('cart-1Pod · shop'));
    expect(within(dialog).getByText('cart-1').getAttribute('href')).toBe('/c/main/pods/shop/cart-1');
    // While a slow machine types, the server may be asked for the first letters alone.
    await waitFor(() => {
      const [, init] = answered.mock.calls.findLast(([path]) => path === '/graphql') ?? [];
      expect(JSON.parse(String(init?.body)).variables.k4_0).toEqual({ path: 'metadata.name', like: 'cart*' });
    });
    await waitFor(() => expect(options(dialog)).toContain('cart-1Pod · shop'));
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/pods/shop/cart-1');
  });

  test('says why objects could not be searched, and finds the rest', async () => {
    answered.mockImplementation((path) => (path.endsWith('/graphql') ? { errors: [{ message: 'too busy' }] } : {}));
    const { user } = frame();
    const dialog = await openPalette(user);
    await user.keyboard('pods');
    expect(await within(dialog).findByText('Objects could not be searched: too busy')).toBeTruthy();
    expect(options(dialog)).toContain('Pods');
  });

  test('that finds nothing says so, once the answer is there', async () => {
    answered.mockReturnValue({ data: {} });
    const { user } = frame();
    const dialog = await openPalette(user);
    await user.keyboard('qqq');
    expect(await within(dialog).findByText('Nothing fits “qqq”.')).toBeTruthy();
  });

  test('is walked over by the arrows, round and round', async () => {
    const { user } = frame();
    const dialog = await openPalette(user);
    const first = chosen(dialog);
    await user.keyboard('{ArrowUp}');
    expect(chosen(dialog)).not.toBe(first);
    await user.keyboard('{ArrowDown}');
    expect(chosen(dialog)).toBe(first);
  });
});

describe('the namespaces', () => {
  const trigger = () => screen.getByRole('button', { name: /^Namespace: / });
  const listed = () =>
    within(screen.getByRole('listbox', { name: 'Namespace' }))
      .getAllByRole('option')
      .map(({ textContent }) => textContent);
  const opened = async (address = '/c/main/pods') => {
    const page = frame({ address });
    await page.user.click(trigger());
    await waitFor(() => expect(listed().length).toBeGreaterThan(1));
    return page;
  };

  test('are listed below all of them, the chosen one ticked', async () => {
    await opened('/c/main/pods?ns=shop');
    expect(trigger().getAttribute('aria-label')).toBe('Namespace: shop');
    expect(listed()).toEqual(['All namespaces', 'default', 'kube-system', 'shop', 'shop-2']);
    expect(screen.getByRole('option', { selected: true }).textContent).toBe('shop');
  });

  test('are found by typing, chosen by the keyboard, and a place to come back from', async () => {
    const { user } = await opened();
    const before = window.history.length;
    await user.keyboard('shop');
    expect(listed()).toEqual(['shop', 'shop-2']);
    await user.keyboard('{ArrowDown}');
    const field = screen.getByRole('combobox', { name: 'Find a namespace' });
    expect(document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent).toBe('shop-2');
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/pods?ns=shop-2');
    expect(window.history.length).toBe(before + 1);
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  test('that are chosen let the ticked rows go', async () => {
    const { user } = await opened('/c/main/pods?ns=shop&sel=shop/pod-1&q=web');
    await user.click(screen.getByRole('option', { name: 'default' }));
    expect(new URLSearchParams(window.location.search).get('sel')).toBeNull();
    expect(new URLSearchParams(window.location.search).get('q')).toBe('web');
  });

  test('there is none of are said not to be', async () => {
    const { user } = await opened();
    await user.keyboard('nowhere');
    expect(await screen.findByText('No namespace has this name')).toBeTruthy();
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/pods');
  });

  test('that may not be seen are told so', async () => {
    const { user, line } = frame({ address: '/c/main/pods' });
    line.refuse('namespaces', 403, 'no');
    await user.click(trigger());
    await user.keyboard('x');
    expect(await screen.findByText('You may not see this', { selector: 'p' })).toBeTruthy();
  });
});

describe('the menu of who is signed in', () => {
  const opened = async () => {
    const page = frame();
    await page.user.click(screen.getByRole('button', { name: 'Account: alice' }));
    await screen.findByRole('menu');
    return page;
  };

  test('says who that is, and what they are besides being somebody', async () => {
    await opened();
    expect(screen.getByRole('menu').textContent).toMatch(/^alicebinnacle:editorsAccountView as…Theme/);
  });

  test('changes the colours, and says which are chosen', async () => {
    const { user } = await opened();
    await user.click(screen.getByRole('menuitem', { name: 'Dark' }));
    expect(localStorage.getItem('binnacle.theme')).toBe('dark');
    await user.click(screen.getByRole('button', { name: 'Account: alice' }));
    expect(screen.getByRole('menuitem', { name: 'Dark' }).querySelector('.text-accent')).not.toBeNull();
    expect(screen.getByRole('menuitem', { name: 'Light' }).querySelector('.text-accent')).toBeNull();
  });

  test('names each language in itself, and remembers the one that is chosen', async () => {
    const { user } = await opened();
    const chinese = screen.getByRole('menuitem', { name: '简体中文' });
    expect(chinese.querySelector('[lang="zh-CN"]')).not.toBeNull();
    await user.click(chinese);
    expect(document.cookie).toContain('binnacle_locale=zh-CN');
  });

  test('signs out, and forgets what was written', async () => {
    drafts.write('main/u', { base: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, text: 'mine' });
    const { user } = await opened();
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
    await waitFor(() =>
      expect(answered.mock.calls.map(([path, init]) => `${init?.method ?? 'GET'} ${path}`)).toContain(
        'POST /auth/logout',
      ),
    );
    await waitFor(() => expect(drafts.read('main/u')).toBeUndefined());
  });

  test('says that nobody could be told, and keeps the session', async () => {
    answered.mockImplementation((path) => (path === '/auth/logout' ? new TypeError('failed to fetch') : {}));
    drafts.write('main/u', { base: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, text: 'mine' });
    const { user } = await opened();
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
    expect(await screen.findByText('The server cannot be reached: you are still signed in.')).toBeTruthy();
    expect(drafts.read('main/u')).toBeDefined();
    drafts.forgetAll();
  });
});

describe('help', () => {
  test('is a stroke away, names the strokes of the kinds that are served, and filters by example', async () => {
    const { user } = frame();
    await user.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    const strokes = [...dialog.querySelectorAll('dt')].map((term) => [
      term.textContent,
      term.nextElementSibling?.textContent,
    ]);
    expect(strokes).toEqual(
      expect.arrayContaining([
        ['Search and commands', 'CtrlK'],
        ['Pods', 'gp'],
        ['Overview', 'go'],
        ['All kinds', 'ga'],
        ['a number', 'restarts:>3'],
        ['Clear the filter', 'Esc'],
      ]),
    );
    expect(await accessibilityFindings(dialog)).toEqual([]);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('the line', () => {
  const indicator = () => document.querySelector<HTMLElement>('[data-live]');

  test('is told by a word that is a button: it holds the page still', async () => {
    const { user } = frame();
    await waitFor(() => expect(indicator()?.dataset.live).toBe('live'));
    expect(indicator()?.getAttribute('aria-label')).toBe('Live. Pause live updates');
    await user.click(indicator() as HTMLElement);
    expect(indicator()?.getAttribute('aria-label')).toBe('Paused. Resume live updates');
  });

  test('that is lost is told at the foot, after a moment, with until when what is seen is so', async () => {
    const { line } = frame({ address: '/c/main/pods' });
    await waitFor(() => expect(indicator()?.dataset.live).toBe('live'));
    act(() => line.cut());
    expect(indicator()?.dataset.live).toBe('reconnecting');
    expect(screen.queryByText(/API server unreachable/)).toBeNull();
    expect(await screen.findByText('API server unreachable, retrying…', undefined, { timeout: 4_000 })).toBeTruthy();
    expect(screen.getByText(/What you see is from .* and may be out of date\./)).toBeTruthy();
    act(() => line.mend());
    await waitFor(() => expect(screen.queryByText(/API server unreachable/)).toBeNull());
  });
});

describe('on a narrow screen', () => {
  test('the ways around are opened by a button, and closed by going one of them', async () => {
    const { user } = frame({ address: '/c/main/pods' });
    await user.click(screen.getByRole('button', { name: 'Open navigation' }));
    const drawer = await screen.findByRole('dialog', { name: 'Main' });
    expect(drawer.contains(document.activeElement)).toBe(true);
    await user.click(within(drawer).getByRole('link', { name: 'Deployments' }));
    expect(at()).toBe('/c/main/deployments.apps');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('who does not want to go anywhere closes them by Escape', async () => {
    const { user } = frame({ address: '/c/main/pods' });
    await user.click(screen.getByRole('button', { name: 'Open navigation' }));
    await screen.findByRole('dialog', { name: 'Main' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(at()).toBe('/c/main/pods');
  });
});

test('the first stop of the keyboard leads to the content', async () => {
  const { user } = frame({ address: '/c/main/pods' });
  await user.tab();
  const skip = document.activeElement;
  expect(skip?.textContent).toBe('Skip to content');
  expect(document.querySelector(skip?.getAttribute('href') ?? '')).toBe(main());
});

test('the past says which moment it is, leads back, and offers nothing that would change it', async () => {
  const cluster = 'main@2026-11-29T10:00:00Z';
  frame({ cluster, address: `/c/${encodeURIComponent(cluster)}/pods` });
  expect(await screen.findByText('main as it was on Nov 29, 2026, 10:00:00 AM.')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'To the present' }).getAttribute('href')).toBe('/c/main');
});

test('the frame is nothing axe has anything to say of', async () => {
  frame({ address: '/c/main/pods' });
  await screen.findByRole('table');
  expect(await accessibilityFindings()).toEqual([]);
});
