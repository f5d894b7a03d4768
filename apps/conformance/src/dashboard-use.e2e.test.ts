import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, eventually, type Kubectl } from './index.js';

/** Stands in a Secret and in a ConfigMap, and must not come over any wire unasked. */
const MARKER = 'never-sent-unasked';
const ENCODED = Buffer.from(MARKER).toString('base64');

const pod = (name: string, labels: Record<string, string>, command: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels },
  spec: { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', command] }] },
});
const OBJECTS = [
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden', namespace: 'default' }, stringData: { key: MARKER } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain', namespace: 'default' }, data: { key: MARKER } },
  pod('fleet-a', { app: 'fleet' }, 'sleep 3600'),
  pod('fleet-b', { app: 'other' }, 'sleep 3600'),
  pod('wordy', {}, 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "line $i"; done; sleep 3600'),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'nginx', env: [{ name: 'A', value: 'a' }] }] },
      },
    },
  },
];

/** What has the focus, told so that a test can be read. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    interface Element {
      readonly tagName: string;
      getAttribute(name: string): string | null;
      readonly textContent: string | null;
    }
    const { activeElement } = (globalThis as unknown as { document: { activeElement: Element | null } }).document;
    const label = activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    return `${activeElement?.tagName.toLowerCase() ?? 'nothing'} ${label.slice(0, 60)}`.trim();
  });

/** Everything that comes to the page, over sockets and in answers. */
function listen(page: Page): { text(): string } {
  const heard: string[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
  });
  page.on('response', (response) => {
    if (/\/(api|apis|graphql|socket\.io)/.test(response.url())) {
      void response
        .text()
        .then((text) => heard.push(text))
        .catch(() => undefined);
    }
  });
  return { text: () => heard.join('\n') };
}

describe.runIf(canBrowse)('the use of the dashboard', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let context: BrowserContext;
  let watched: WatchedPage;
  let page: Page;

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
  const rowOf = (name: string) => page.getByRole('link', { name, exact: true });
  const filter = (text: string) => page.getByRole('searchbox').fill(text);

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 10,
      nodes: 12,
      signedIn: false,
      prepare: (kubectl) => {
        kubectl.try(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }));
      },
    });
    ({ cluster, kubectl, context, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(async () => {
    await context.setOffline(false);
    expect(watched.errors).toEqual([]);
  });

  test('a refused sign-in says for how long', async () => {
    await page.route('**/auth/login', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '8' },
        json: {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'TooManyRequests',
          code: 429,
          message: '',
        },
      }),
    );
    await page.waitForURL('**/sign-in**');
    const refused = page.getByText(/Try again in [1-8] seconds?\./).first();
    // What is typed before the page has come to life is lost.
    await eventually('it is refused', async () => {
      await watched.signIn(cluster.user, 'wrong');
      await refused.waitFor({ timeout: 4_000 });
      return true;
    });
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).getAttribute('aria-disabled')).toBe('true');
    await page.getByText('You may try again now.').first().waitFor();
    await page.unroute('**/auth/login');
    await watched.signIn(cluster.user, cluster.password);
    await page.waitForURL('**/c/main');
  });

  test('a filter finds what it says, and says how it was understood', async () => {
    await at('/c/main/nodes');
    await rowOf('worker-10').waitFor();
    await filter('worker-1');
    await page.getByText('1 of 13').waitFor();
    expect(await rowOf('worker-10').count()).toBe(0);
    await page.getByRole('button', { name: 'Take out: name or namespace with “worker-1”' }).waitFor();
    await filter('worker-1*');
    await rowOf('worker-10').waitFor();
    await at('/c/main/pods?ns=default');
    await rowOf('fleet-b').waitFor();
    await filter('app=fleet');
    await page.getByText(/^1 of /).waitFor();
    await rowOf('fleet-a').waitFor();
    await filter('nod:worker-1');
    await page.getByText('There is no field “nod” here').waitFor();
    await filter('nothing-is-named-so');
    await page.getByText('Nothing fits the filter').waitFor();
  });

  test('a click for another tab opens one, anywhere in a row', async () => {
    await at('/c/main/pods?ns=default');
    await rowOf('fleet-a').waitFor();
    for (const options of [{ modifiers: ['Control' as const] }, { button: 'middle' as const }]) {
      const [opened] = await Promise.all([
        context.waitForEvent('page'),
        page
          .getByRole('row', { name: /fleet-a/ })
          .getByRole('cell')
          .nth(2)
          .click(options),
      ]);
      await opened.waitForURL('**/pods/default/fleet-a**');
      await opened.close();
    }
    expect(page.url()).toContain('/c/main/pods?ns=default');
  });

  test('the focus goes back to what opened a dialog, and on to the next row when that is gone', async () => {
    await at('/c/main/pods?ns=default');
    const menu = page.getByRole('button', { name: 'Actions for fleet-b' });
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete…' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually('the menu has it', async () => (await focused(page)) === 'button Actions for fleet-b');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Type a kind').waitFor();
    await page.keyboard.press('Escape');
    await eventually('the menu has it again', async () => (await focused(page)) === 'button Actions for fleet-b');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually('and again', async () => (await focused(page)) === 'button Actions for fleet-b');
    kubectl.run('delete', 'pod', 'fleet-b', '--now', '--wait=false');
    await eventually('a row has it', async () => {
      const now = await focused(page);
      return !now.startsWith('body') && !now.includes('fleet-b');
    });
    expect(await focused(page)).toMatch(/^a /);
  });

  test('what Secrets and ConfigMaps hold comes only where it is asked for', async () => {
    const tab = await context.newPage();
    const heard = listen(tab);
    await tab.goto(`${cluster.webUrl}/c/main/secrets?ns=default`);
    await tab.getByRole('link', { name: 'hidden', exact: true }).waitFor();
    await tab.keyboard.press('Control+k');
    await tab.getByPlaceholder('Type a kind').fill('plain');
    await tab.getByRole('option', { name: /plain.*ConfigMap/ }).waitFor();
    await tab.keyboard.press('Escape');
    await tab.goto(`${cluster.webUrl}/c/main/configmaps?ns=default`);
    await tab.getByRole('link', { name: 'plain', exact: true }).waitFor();
    await tab.goto(`${cluster.webUrl}/c/main/secrets/default/hidden`);
    await tab.getByRole('button', { name: 'Show values' }).waitFor();
    expect(heard.text()).toContain('hidden');
    expect(heard.text()).not.toContain(ENCODED);
    expect(heard.text()).not.toContain(MARKER);
    await tab.getByRole('button', { name: 'Show values' }).click();
    await tab.getByText(MARKER).waitFor();
    await tab.close();
  });

  test('a wrong type is marked at its line, and the order of keys is no change', async () => {
    await at('/c/main/deployments.apps/default/web?tab=yaml');
    await page.getByRole('button', { name: 'Edit' }).click();
    const editor = page.locator('.cm-content');
    await editor.waitFor();
    const write = async (change: (text: string) => string) => {
      const text = (await page.locator('.cm-line').allTextContents()).join('\n');
      await editor.click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(change(text));
    };
    await write((text) => text.replace('value: a', 'value: yes'));
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').getByText('spec.template.spec.containers[0].env[0].value').waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await write((text) => {
      const [first = '', second = '', ...rest] = text.replace('value: yes', 'value: a').split('\n');
      return [second, first, ...rest].join('\n');
    });
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByText('The server would change nothing.').waitFor();
    await page.getByRole('button', { name: 'Back to editing' }).click();
    await page.getByRole('button', { name: 'Discard changes' }).click();
  });

  test('a search in a log says that it has seen only a part, and reads more', async () => {
    await at('/c/main/pods/default/wordy?tab=logs');
    await page.getByRole('log').getByText('line 3000', { exact: true }).waitFor();
    await page.getByLabel('Search the log').fill('line 500');
    await page.getByText('no match in the last 2,000 lines only').waitFor();
    await page.getByRole('button', { name: 'Read earlier lines' }).click();
    await page.getByText('1 match', { exact: true }).waitFor();
  });

  test('without a network one goes on from page to page', async () => {
    await at('/c/main/pods?ns=default');
    await rowOf('fleet-a').waitFor();
    await watched.mark();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Nodes', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Overview', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'EndpointSlices', exact: true }).first().click();
    await page.getByText('No live connection to the server').waitFor();
    await page.goBack();
    await page.goBack();
    await page.goBack();
    await rowOf('fleet-a').click();
    await page.getByRole('heading', { name: 'Pod fleet-a', level: 1 }).waitFor();
    await context.setOffline(false);
    expect(await watched.wasReloaded()).toBe(false);
  });

  test('a session that ends is begun again over the page, and no draft is lost', async () => {
    await at('/c/main/configmaps/default/plain?tab=yaml');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('# my words\n');
    await watched.mark();
    await context.clearCookies();
    await page.getByRole('button', { name: 'Apply' }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(cluster.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('# my words').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('plain applied').waitFor();
    expect(await watched.wasReloaded()).toBe(false);
  });
});
