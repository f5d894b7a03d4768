import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { brokenWays } from './broken-ways.js';
import { brokenWorkloads } from './broken-workloads.js';
import { type Cluster, eventually, type Kubectl } from './index.js';
import { SilentWire } from './silent-wire.js';

/** So long the page may go on calling itself live on a line that has been cut; a second more for a slow machine. */
const SILENCE_MILLISECONDS = 6_000;
const HALF_DAY_MILLISECONDS = 12 * 3_600_000;

interface Listed<T> {
  readonly items: readonly T[];
}
interface Deployment {
  readonly status: { readonly conditions?: ReadonlyArray<{ readonly type: string; readonly status: string }> };
}

describe.runIf(canBrowse)('what the dashboard says of a broken cluster', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let context: BrowserContext;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 9,
      nodes: 10,
      prepare: (kubectl, cluster) => {
        expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(brokenWorkloads)).stderr).toBe('');
        for (const name of ['fleet-service-with-a-long-name-0', 'pinned']) {
          kubectl.run('rollout', 'status', '-n', 'shop', `deployment/${name}`);
        }
        kubectl.run('rollout', 'status', '-n', 'search', 'deployment/fleet-service-with-a-long-name-1');
        kubectl.run('cordon', 'worker-5');
        // The node controller takes its time; the tests before the last do not need the node.
        cluster.binnacle('node', 'stop', 'worker-2');
      },
    });
    ({ cluster, kubectl, context, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
  const tile = (name: string) => page.getByRole('main').getByRole('link', { name: new RegExp(`^${name}`) });
  const facts = (text: string) => page.locator('dl > div').filter({ hasText: text });

  test('a cordoned node is ready, and told to be cordoned', async () => {
    await tile('Nodes').getByText('11 of 11 ready · 1 cordoned').waitFor();
    const attention = page.getByRole('list', { name: 'Needs attention' });
    await attention.getByText('crashing').first().waitFor();
    expect(await attention.getByText('worker-5').count()).toBe(0);
  });

  test('Services are as good as what stands behind them', async () => {
    await tile('Services').getByText('of 6 have ready endpoints · 2 without selector').waitFor();
    await at('/c/main/services?ns=shop');
    const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
    await row('nobody').getByText('NoEndpoints').waitFor();
    await row('dead').getByText('NoReadyEndpoints').waitFor();
    await row('byhand').getByText('NoSelector').waitFor();
    await row('outside').getByText('ExternalName', { exact: true }).first().waitFor();
  });

  test('numbers in names count, and names are cut where they are alike', async () => {
    await at('/c/main');
    const nodes = page.getByRole('table', { name: 'Nodes' });
    await nodes.getByRole('link', { name: 'worker-10', exact: true }).waitFor();
    const order = await nodes.getByRole('link').allTextContents();
    expect(order.indexOf('worker-2')).toBeLessThan(order.indexOf('worker-10'));
    await page.setViewportSize({ width: 900, height: 800 });
    await at('/c/main/pods');
    const name = page.locator('[data-row-link][aria-label^="fleet-service-with-a-long-name-0-"]').first();
    await name.waitFor();
    const parts = await name.locator('span').evaluateAll((spans) =>
      (spans as unknown as Array<{ textContent: string; scrollWidth: number; clientWidth: number }>).map((span) => ({
        text: span.textContent,
        cut: span.scrollWidth > span.clientWidth + 1,
      })),
    );
    expect(parts[0]).toMatchObject({ text: 'fleet-service-with-a-long-name-', cut: true });
    expect(parts.slice(1).some(({ text, cut }) => cut && text.length < 3)).toBe(false);
    expect(await name.getAttribute('title')).toBe(parts.map(({ text }) => text).join(''));
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('the page of an object says what its list says', async () => {
    await at('/c/main/secrets/shop/credentials');
    await facts('Type').getByText('Opaque').waitFor();
    await facts('Keys').getByText('password, user').waitFor();
    await at('/c/main/poddisruptionbudgets.policy/shop/tight');
    await facts('Min available').getByText('2', { exact: true }).waitFor();
    await facts('Allowed disruptions').getByText('0', { exact: true }).waitFor();
    await page.getByRole('banner').or(page.getByRole('main')).getByText('InsufficientPods').first().waitFor();
  });

  test('a line that is cut in silence is told within five seconds, and since when', async () => {
    const wire = await SilentWire.to(Number(new URL(cluster.webUrl).port));
    const { page: tab } = await WatchedPage.open(context, `http://127.0.0.1:${wire.port}/c/main`);
    await tab.locator('[data-live="live"]').waitFor();
    await tab
      .getByText('11 ready')
      .or(tab.getByText(/of 11 ready/))
      .first()
      .waitFor();
    wire.silence();
    const before = Date.now();
    await tab.locator('[data-live="reconnecting"]').waitFor({ timeout: SILENCE_MILLISECONDS });
    const said = await tab.getByText(/^What you see is from/).textContent();
    const [hours = 0, minutes = 0, seconds = 0] = (/\d+:\d+:\d+/.exec(said ?? '')?.[0] ?? '').split(':').map(Number);
    const asOf = new Date(before).setHours(hours, minutes, seconds, 0);
    // The clock of twelve hours does not say which half of the day it is.
    const apart = Math.abs(before - asOf) % HALF_DAY_MILLISECONDS;
    expect(Math.min(apart, HALF_DAY_MILLISECONDS - apart)).toBeLessThan(4_000);
    await tab.locator('[data-as-of]').first().waitFor();
    wire.mend();
    await tab.locator('[data-live="live"]').waitFor({ timeout: 20_000 });
    await tab.close();
    await wire.close();
  });

  test('nothing is denied while nothing is known; where no WebSocket gets through, long polling does', async () => {
    const tab = await context.newPage();
    // Takes the connection and says nothing, as some proxies do.
    await tab.routeWebSocket(/socket\.io/, () => undefined);
    await tab.goto(`${cluster.webUrl}/c/main`);
    await tab.getByRole('heading', { name: 'Recent warnings' }).waitFor();
    expect(await tab.getByText('No warnings').count()).toBe(0);
    expect(await tab.getByText('Nothing needs attention').count()).toBe(0);
    await tab.locator('[data-live="live"]').waitFor({ timeout: 20_000 });
    await tab.getByText(/of 11 ready/).waitFor();
    await tab.close();
  });

  test('where nothing gets through, it says so and tries again when asked', async () => {
    const tab = await context.newPage();
    await tab.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await tab.route(/socket\.io.*polling/, (route) => route.abort());
    await tab.goto(`${cluster.webUrl}/c/main/pods`);
    await tab.getByText('No live connection to the server').waitFor({ timeout: 20_000 });
    await tab.unroute(/socket\.io.*polling/);
    await tab.getByRole('button', { name: 'Try again now' }).click();
    await tab
      .getByRole('link', { name: /^fleet-service/ })
      .first()
      .waitFor({ timeout: 20_000 });
    await tab.close();
  });

  test('one dead node is one line, and what it took is counted as kubectl counts', async () => {
    await at('/c/main');
    const attention = page.getByRole('list', { name: 'Needs attention' });
    const line = attention.getByRole('listitem').filter({ hasText: 'Node/worker-2' });
    await line.getByText('NotReady').waitFor({ timeout: 60_000 });
    await line.getByText(/^\d+ Pods of \d+ Deployments in 2 namespaces$/).waitFor();
    await attention
      .getByRole('listitem')
      .filter({ hasText: 'shop/pinned' })
      .getByText('MinimumReplicasUnavailable')
      .waitFor();
    expect(await attention.getByRole('listitem').count()).toBeLessThan(10);
    const { items } = kubectl.json<Listed<Deployment>>('get', 'deployments', '-A');
    const available = items.filter(({ status }) =>
      status.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True'),
    ).length;
    await tile('Deployments').getByText(`${available} of ${items.length} available`).waitFor();
    await line.getByRole('button').click();
    await line.getByText('Running,NodeLost').first().waitFor();
    await line.getByText('search/').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await watched.accessibilityFindings()).toEqual([]);
    }
  });

  test('a Pod on the dead node is not simply running', async () => {
    await at('/c/main/pods?ns=shop');
    await page.getByRole('cell', { name: 'Running,NodeLost' }).first().waitFor();
    await eventually('the Pods of the dead node are no longer called healthy', async () => {
      const healthy = page.getByRole('group', { name: 'Status filter' }).getByRole('button', { name: /^Warning/ });
      return (await healthy.count()) > 0;
    });
  });

  test('the way of a request is drawn, with what goes by, and cut where it breaks, in plain words', async () => {
    expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(brokenWays)).stderr).toBe('');
    for (const name of ['shop', 'vault']) kubectl.run('rollout', 'status', '-n', 'ways', `deployment/${name}`);
    const say = async (path: string, ...sentences: readonly string[]) => {
      await at(`/c/main/${path}`);
      for (const sentence of sentences) await page.getByText(sentence).first().waitFor();
      expect(await watched.accessibilityFindings()).toEqual([]);
    };
    const service = (name: string) => `services/ways/${name}`;
    const ingress = (name: string) => `ingresses.networking.k8s.io/ways/${name}`;
    await say(service('shop'), 'Open', 'Nobody is connected');
    kubectl.run('exec', '-n', 'ways', 'deployment/shop', '--', 'curl', '-sS', '-m', '5', 'http://shop/hostname');
    await page.getByText('0 open · 1 so far').first().waitFor();
    const send = page.getByRole('button', { name: 'Send', exact: true });
    await send.click();
    await page.getByText('It got there').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    await say(service('no-endpoints'), 'Broken at: Service', 'app=shop, and app=shopp is selected.');
    await say(service('port-mismatch'), 'Broken at: Target port', 'No container has a port named web (TCP).');
    await say(service('unready'), 'Broken at: Pods', 'None of 2 Pods is ready.');
    await say(service('vault'), 'Broken at: Pods', 'Network policies let nobody in at 8080/TCP: nobody.');
    await say(service('no-address'), 'Open in part', 'No load balancer has given it an address yet.');
    await say(ingress('plain'), 'Open');
    await say(ingress('tls'), 'Broken at: Certificate', 'There is no Secret of type kubernetes.io/tls with this name.');
  });
});
