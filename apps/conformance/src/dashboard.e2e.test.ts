import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, eventually, type Kubectl } from './index.js';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples');
/** At another node port than where kubectl is judged by it, at the same time. */
const MYAPP = readFileSync(join(examples, 'myapp.yaml'), 'utf8').replace(/nodePort: \d+/, 'nodePort: 30084');

/** What the product promises from a change to the pixel. */
const LIVE_MILLISECONDS = 500;
const PAGES = [
  '/c/main',
  '/c/main/nodes',
  '/c/main/pods',
  '/c/main/deployments.apps/default/myapp',
  '/c/main/deployments.apps/default/myapp?tab=yaml',
  '/c/main/nodes/worker-1',
  '/c/main/events',
  '/c/main/serviceaccounts',
  '/c/main/priorityclasses.scheduling.k8s.io/system-node-critical',
  '/c/main/pods/default/chatty?tab=events',
  '/c/main/kinds',
];

const cell = (page: Page, text: string | RegExp) => page.getByRole('cell', { name: text });

describe.runIf(canBrowse)('the dashboard in a browser', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let context: BrowserContext;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 6,
      signedIn: false,
    });
    ({ cluster, kubectl, context, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);

  test('asks who is there, and says when the password is wrong', async () => {
    await page.waitForURL('**/sign-in**');
    await watched.signIn(cluster.user, 'wrong');
    await page.getByText('User or password is wrong.').first().waitFor();
    await watched.signIn(cluster.user, cluster.password);
    await page.waitForURL('**/c/main');
    await page.getByText('4 of 4 ready').waitFor();
    await page.locator('[data-live="live"]').waitFor();
  });

  test('shows what kubectl makes and scales, without a reload and at once', async () => {
    await at('/c/main/deployments.apps?ns=default');
    await page.getByText('No Deployments in default').waitFor();
    await watched.mark();
    expect(kubectl.try(['apply', '-f', '-'], MYAPP).stderr).toBe('');
    await cell(page, '3/3').waitFor();
    kubectl.run('scale', 'deployment/myapp', '--replicas=6');
    await cell(page, '6/6').waitFor();
    kubectl.run('scale', 'deployment/myapp', '--replicas=3');
    await cell(page, '3/3').waitFor();
    expect(await watched.wasReloaded()).toBe(false);
  });

  test('every open tab shows a change within half a second', async () => {
    const other = await WatchedPage.open(context, `${cluster.webUrl}/c/main/configmaps?ns=default`);
    await at('/c/main/configmaps?ns=default');
    for (const tab of [page, other.page]) await tab.getByRole('link', { name: 'kube-root-ca.crt' }).waitFor();
    const waits: number[] = [];
    for (const name of ['first', 'second', 'third']) {
      const seen = Promise.all(
        [page, other.page].map((tab) => tab.getByRole('link', { name, exact: true }).waitFor({ timeout: 10_000 })),
      );
      await once(kubectl.start('create', 'configmap', name), 'exit');
      const made = performance.now();
      await seen;
      waits.push(performance.now() - made);
    }
    process.stdout.write(`from kubectl's end to both tabs: ${waits.map(Math.round).join(', ')} ms\n`);
    expect(Math.min(...waits)).toBeLessThan(LIVE_MILLISECONDS);
    expect(other.errors).toEqual([]);
    await other.page.close();
  });

  test('scales by itself, saying what will happen', async () => {
    await at('/c/main/deployments.apps/default/myapp');
    await page.getByRole('button', { name: 'Scale…' }).click();
    await page.getByLabel('Replicas', { exact: true }).fill('4');
    await page.getByText('1 Pod will be started.').waitFor();
    await page.getByRole('button', { name: 'Scale', exact: true }).click();
    await page.getByText('4 ready of 4 desired').waitFor();
  });

  test('follows a log', async () => {
    kubectl.try(
      ['apply', '-f', '-'],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'chatty' },
        spec: {
          containers: [
            {
              name: 'talk',
              image: 'busybox',
              command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo "word $i"; sleep 1; done'],
            },
          ],
        },
      }),
    );
    await at('/c/main/pods/default/chatty?tab=logs');
    const log = page.getByRole('log');
    await log.getByText('word 2', { exact: true }).waitFor();
    await log.getByText('word 5', { exact: true }).waitFor();
    await page.getByLabel('Search the log').fill('word 3');
    await page.getByText(/^\d+ match(es)?$/).waitFor();
  });

  test('follows a log whose lines are longer than the window', async () => {
    const script = `i=0; while true; do i=$((i+1)); echo "number $i ${'and so on '.repeat(60)}"; sleep 0.02; done`;
    const containers = [{ name: 'talk', image: 'busybox', command: ['sh', '-c', script] }];
    const wordy = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'wordy' }, spec: { containers } };
    kubectl.try(['apply', '-f', '-'], JSON.stringify(wordy));
    await at('/c/main/pods/default/wordy?tab=logs');
    const log = page.getByRole('log');
    // Only what is in view is drawn: far from the end these lines would never be seen.
    for (const number of [100, 200, 300]) await log.getByText(`number ${number} `).waitFor();
    await log.hover();
    await eventually('the reader has scrolled up', async () => {
      await page.mouse.wheel(0, -400);
      return page.getByRole('button', { name: 'Go to the end' }).isVisible();
    });
    const top = () => log.evaluate((element) => element.scrollTop);
    const left = await top();
    await page.getByText(/^[4-9]\d\d lines$/).waitFor();
    expect(Math.abs((await top()) - left)).toBeLessThan(500);
    await page.getByRole('button', { name: 'Go to the end' }).click();
    await eventually('the end is there again', async () =>
      log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 40),
    );
    kubectl.run('delete', 'pod', 'wordy', '--wait=false');
  });

  test('keeps the last words of a container that has started again, and of a Pod that has gone', async () => {
    const containers = [{ name: 'talk', image: 'busybox', command: ['sh', '-c', 'echo hello; sleep 2; exit 1'] }];
    const brief = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'brief' }, spec: { containers } };
    kubectl.try(['apply', '-f', '-'], JSON.stringify(brief));
    await at('/c/main/pods/default/brief?tab=logs');
    const log = page.getByRole('log');
    await log.getByText('The container started again').first().waitFor();
    await log.getByText('hello', { exact: true }).nth(1).waitFor();
    kubectl.run('delete', 'pod', 'brief', '--grace-period=1', '--wait=false');
    await page.getByText('brief has been deleted. This is its last state.').waitFor();
    expect(await log.getByText('hello', { exact: true }).count()).toBeGreaterThan(1);
  });

  test('edits YAML: shows errors at their line, tries out, applies', async () => {
    await at('/c/main/deployments.apps/default/myapp?tab=yaml');
    await page.getByRole('button', { name: 'Edit' }).click();
    const write = async (replicas: string) => {
      await page
        .locator('.cm-line', { hasText: /^ {2}replicas: / })
        .first()
        .click();
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.insertText(`replicas: ${replicas}`);
    };
    await write('-1');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The server refuses this').waitFor();
    await page.getByRole('alert').getByText('spec.replicas').first().waitFor();
    await page.locator('.cm-lint-marker-error').waitFor();
    await write('2');
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByText('What the server would change').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('myapp applied').waitFor();
    await eventually(
      'the Deployment has 2 replicas',
      () => kubectl.run('get', 'deployment/myapp', '-o', 'jsonpath={.spec.replicas}') === '2',
    );
  });

  test('keeps what is being written, and takes in what others change meanwhile', async () => {
    kubectl.run('create', 'configmap', 'notes', '--from-literal=mine=old');
    await at('/c/main/configmaps/default/notes?tab=yaml');
    await page.getByRole('button', { name: 'Edit' }).click();
    const line = page.locator('.cm-line', { hasText: /^ {2}mine: / });
    await line.click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.insertText('mine: new');
    await page.getByRole('link', { name: 'Summary', exact: true }).click();
    await page.getByText('Facts', { exact: true }).waitFor();
    await page.getByRole('link', { name: /^YAML.*not yet applied/ }).click();
    await line.getByText('mine: new').waitFor();
    kubectl.run('patch', 'configmap', 'notes', '--type=merge', '-p', '{"data":{"theirs":"new"}}');
    await page.getByRole('button', { name: 'Keep both' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('notes applied').waitFor();
    expect(JSON.parse(kubectl.run('get', 'configmap', 'notes', '-o', 'jsonpath={.data}'))).toEqual({
      mine: 'new',
      theirs: 'new',
    });
  });

  test('comes back to where it was in a long list, however many rows are ticked', async () => {
    const items = Array.from({ length: 120 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `one-of-very-many-configmaps-${index}` },
    }));
    kubectl.try(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await at('/c/main/configmaps?ns=default');
    await page.getByRole('link', { name: 'one-of-very-many-configmaps-3', exact: true }).waitFor();
    await page.getByLabel('Select all rows').click();
    await page.getByRole('toolbar').getByText('selected').waitFor();
    expect((await page.reload())?.status()).toBe(200);
    const table = page.getByRole('table');
    const top = () => table.evaluate((element) => element.scrollTop);
    await page.getByRole('link', { name: 'one-of-very-many-configmaps-3', exact: true }).waitFor();
    await page.getByRole('link', { name: 'one-of-very-many-configmaps-3', exact: true }).focus();
    for (let step = 0; step < 60; step += 1) await page.keyboard.press('j');
    const left = await top();
    expect(left).toBeGreaterThan(500);
    await eventually('the place is noted', () =>
      page.evaluate((place) => Object.values(history.state as object).includes(place), left),
    );
    await page.keyboard.press('Enter');
    await page.waitForURL('**/configmaps/default/one-of-very-many-configmaps-**');
    await page.goBack();
    await page.getByRole('link', { name: 'one-of-very-many-configmaps-63', exact: true }).waitFor();
    expect(await top()).toBe(left);
  });

  test('does from the palette what the open page can do', async () => {
    await at('/c/main/deployments.apps/default/myapp');
    await page.getByRole('button', { name: 'Scale…' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('po');
    expect(await page.getByRole('option').first().textContent()).toBe('Pods');
    await page.getByRole('combobox').fill('scale');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Scale myapp' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('deletes after saying what goes', async () => {
    await at('/c/main/configmaps/default/first');
    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('first has been deleted. This is its last state.').waitFor();
  });

  test('is usable from the keyboard alone', async () => {
    await at('/c/main');
    await page.locator('[data-live="live"]').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.waitForURL('**/pods**');
    await page.getByRole('link', { name: 'chatty' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('chatty');
    await page.waitForURL('**q=chatty**');
    await page.getByRole('searchbox').blur();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/pods/default/chatty**');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('worker-1');
    await page.getByRole('option', { name: /worker-1/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/nodes/worker-1**');
  });

  test('says that the API server is away, keeps what it knew, and goes on by itself', async () => {
    await at('/c/main/deployments.apps?ns=default');
    await page.getByRole('link', { name: 'myapp' }).waitFor();
    await watched.mark();
    const killed = cluster.kill('kube-apiserver');
    await page.locator('[data-live="reconnecting"]').waitFor();
    expect(await page.getByRole('link', { name: 'myapp' }).isVisible()).toBe(true);
    await eventually('the API server runs again', () => {
      const pid = cluster.pidOf('kube-apiserver');
      return pid !== undefined && pid !== killed;
    });
    await page.locator('[data-live="live"]').waitFor({ timeout: 60_000 });
    await eventually('kubectl is answered', () => kubectl.try(['get', 'nodes']).status === 0);
    kubectl.run('scale', 'deployment/myapp', '--replicas=5');
    await cell(page, '5/5').waitFor();
    // The second time the kubelet waits before it starts it again: long enough for more than the small sign.
    cluster.kill('kube-apiserver');
    await page.getByText('API server unreachable, retrying…').waitFor();
    expect(await page.getByRole('link', { name: 'myapp' }).isVisible()).toBe(true);
    await page.locator('[data-live="live"]').waitFor({ timeout: 60_000 });
    await page.getByText('API server unreachable, retrying…').waitFor({ state: 'hidden' });
    expect(await watched.wasReloaded()).toBe(false);
  });

  test.each(['light', 'dark'] as const)('nothing for axe to say (%s)', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const findings: string[] = [];
    for (const path of PAGES) {
      await at(path);
      await page.locator('main h1').waitFor();
      await page.locator('[data-live="live"]').waitFor();
      findings.push(...(await watched.accessibilityFindings()).map((finding) => `${path}: ${finding}`));
    }
    expect(findings).toEqual([]);
  });

  test('speaks Chinese to who reads it', async () => {
    const chinese = await stand.browser.newContext({ locale: 'zh-CN' });
    const { page: tab } = await WatchedPage.open(chinese, `${cluster.webUrl}/sign-in`);
    await tab.getByRole('button', { name: '登录' }).waitFor();
    expect(await tab.locator('html').getAttribute('lang')).toBe('zh-CN');
    await chinese.close();
  });
});
