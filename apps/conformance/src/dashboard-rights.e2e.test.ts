import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, type Kubectl, signIn } from './index.js';

const config = (name: string, namespace: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { key: 'value' },
});
const OBJECTS = [
  ...['shop', 'lab'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  config('of-the-shop', 'shop'),
  config('of-the-lab', 'lab'),
];

function prepare(kubectl: Kubectl): void {
  const list = { apiVersion: 'v1', kind: 'List', items: OBJECTS };
  expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(list))).toMatchObject({ status: 0 });
  kubectl.run('create', 'rolebinding', 'viewer', '--clusterrole=view', '--user=vera', '-n', 'shop');
}

/** Somebody who may sign in, with a password that must be changed. */
async function makePerson(cluster: Cluster, name: string): Promise<string> {
  const { headers } = await signIn(cluster);
  const users = `${cluster.webUrl}/clusters/root/apis/iam.binnacle.dev/v1/users`;
  const post = async (path: string, body: object) => {
    const options = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    const response = await fetch(users + path, { ...options, body: JSON.stringify(body) });
    expect(response.status).toBe(201);
    return (await response.json()) as { readonly password?: string };
  };
  await post('', { apiVersion: 'iam.binnacle.dev/v1', kind: 'User', metadata: { name } });
  return (await post(`/${name}/password`, {})).password ?? '';
}

describe.runIf(canBrowse)('rights in the dashboard', () => {
  let stand: DashboardStand;
  let kubectl: Kubectl;
  let page: Page;
  /** Of somebody who may look at one namespace. */
  let viewer: WatchedPage;

  beforeAll(async () => {
    stand = await openDashboard({ slot: 31, nodes: 1, prepare });
    ({ kubectl, page } = stand);
    const password = await makePerson(stand.cluster, 'vera');
    viewer = await stand.open();
    await viewer.signIn('vera', password);
    await viewer.page.getByText('Choose a new password').waitFor();
    await viewer.page.getByLabel('New password', { exact: true }).fill('quite another word 1');
    await viewer.page.getByLabel('New password again').fill('quite another word 1');
    await viewer.page.getByRole('button', { name: 'Change password' }).click();
    await viewer.page.waitForURL('**/c/main');
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(stand.watched.errors).toEqual([]);
    expect(viewer.errors).toEqual([]);
  });

  const look = (path: string) => viewer.page.goto(`${stand.cluster.webUrl}${path}`);

  test('what a viewer may not do is there, and says which right is missing and who could grant it', async () => {
    await look('/c/main/configmaps/shop/of-the-shop');
    await viewer.page.getByRole('button', { name: 'Actions' }).click();
    const item = viewer.page.getByRole('menuitem', { name: /Delete…/ });
    await item.and(viewer.page.locator('[aria-disabled="true"]')).waitFor();
    expect(await item.textContent()).toContain('You may not delete configmaps in the namespace shop.');
    // What is dimmed can be pressed, which Playwright would not do.
    await item.dispatchEvent('click');
    const dialog = viewer.page.getByRole('dialog', { name: 'A right is missing' });
    await dialog.getByText('kubectl auth can-i delete configmaps/of-the-shop -n shop').waitFor();
    expect(await viewer.accessibilityFindings()).toEqual([]);
    await viewer.page.keyboard.press('Escape');
  });

  test('a right that is granted or taken while the page is open is followed within a second', async () => {
    await look('/c/main/configmaps/shop/of-the-shop?tab=yaml');
    const edit = viewer.page.getByRole('button', { name: 'Edit', exact: true });
    const [refused, let_] = ['[aria-disabled="true"]', ':not([aria-disabled])'].map((state) =>
      edit.and(viewer.page.locator(state)),
    ) as [typeof edit, typeof edit];
    await refused.waitFor();
    await viewer.mark();
    const followed = async (look: typeof edit, ...command: string[]) => {
      kubectl.run(...command);
      const began = performance.now();
      await look.waitFor();
      return performance.now() - began;
    };
    const binding = ['rolebinding', 'editor', '-n', 'shop'];
    const given = await followed(let_, 'create', ...binding, '--clusterrole=edit', '--user=vera');
    const taken = await followed(refused, 'delete', ...binding);
    expect(Math.max(given, taken)).toBeLessThan(1_000);
    expect(await viewer.wasReloaded()).toBe(false);
  });

  test('a list says that it holds what one may see, and grows with a grant', async () => {
    await look('/c/main/configmaps');
    await viewer.page.getByRole('link', { name: 'of-the-shop' }).waitFor();
    await viewer.page.getByText('You see 1 namespace').waitFor();
    expect(await viewer.page.getByRole('link', { name: 'of-the-lab' }).count()).toBe(0);
    await viewer.mark();
    kubectl.run('create', 'rolebinding', 'viewer', '--clusterrole=view', '--user=vera', '-n', 'lab');
    await viewer.page.getByRole('link', { name: 'of-the-lab' }).waitFor();
    await viewer.page.getByText('You see 2 namespaces').waitFor();
    kubectl.run('delete', 'rolebinding', 'viewer', '-n', 'lab');
    await viewer.page.getByRole('link', { name: 'of-the-lab' }).waitFor({ state: 'detached' });
    expect(await viewer.wasReloaded()).toBe(false);
  });

  test('whom policies let reach whom is followed as they change, and told to who may see them', async () => {
    const asked = 'fromKind=labels&from=app%3Dweb&toKind=ip&to=192.0.2.7&port=443';
    const mute = { podSelector: {}, policyTypes: ['Egress'] };
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'mute' },
      spec: mute,
    };
    await look(`/c/main/reachability?fromIn=shop&${asked}`);
    await viewer.page.getByText(/reaches 192\.0\.2\.7 at TCP 443/).waitFor();
    await viewer.mark();
    kubectl.try(['apply', '-n', 'shop', '-f', '-'], JSON.stringify(policy));
    await viewer.page.getByText(/does not reach 192\.0\.2\.7/).waitFor();
    await viewer.page.getByRole('link', { name: 'mute' }).waitFor();
    expect(await viewer.wasReloaded()).toBe(false);
    expect(await viewer.accessibilityFindings()).toEqual([]);
    kubectl.run('delete', 'networkpolicy', 'mute', '-n', 'shop');
    await viewer.page.getByText(/reaches 192\.0\.2\.7 at TCP 443/).waitFor();
    await look(`/c/main/reachability?fromIn=lab&${asked}`);
    await viewer.page.getByText(/cannot list resource "networkpolicies"/).waitFor();
  });

  test('a list that may not be read says which right is missing', async () => {
    await look('/c/main/nodes');
    await viewer.page.getByText('You may not list nodes in the whole cluster.').waitFor();
    expect(await viewer.accessibilityFindings()).toEqual([]);
  });

  test('a role reads as sentences, and is granted with a preview', async () => {
    await stand.at('/c/main/clusterroles.rbac.authorization.k8s.io/view');
    await page
      .getByText(/^May get, list,? and watch /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Grant a role…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Grant a role' });
    await dialog.getByLabel('Name', { exact: true }).fill('vera');
    await dialog.getByLabel('Where').selectOption('lab');
    await dialog
      .getByText(/^May get, list,? and watch /)
      .first()
      .waitFor();
    expect(await stand.watched.accessibilityFindings()).toEqual([]);
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(kubectl.run('auth', 'can-i', 'get', 'pods', '-n', 'lab', '--as=vera').trim()).toBe('yes');
  });

  test('who can is answered with the binding that lets them', async () => {
    await stand.at('/c/main/who-can?verb=get&kind=configmaps&in=shop');
    await page.getByRole('cell', { name: 'User vera' }).waitFor();
    await page.getByRole('link', { name: 'shop/viewer' }).waitFor();
    expect(await stand.watched.accessibilityFindings()).toEqual([]);
  });

  test('what somebody may do is told by kind', async () => {
    await stand.at('/c/main/may-do?user=vera&in=shop');
    await page
      .getByText(/configmaps/)
      .first()
      .waitFor();
    expect(await stand.watched.accessibilityFindings()).toEqual([]);
  });

  test('an administrator looks as somebody else, everywhere or nowhere', async () => {
    await stand.at('/c/root/users.iam.binnacle.dev/vera');
    await page.getByRole('button', { name: 'View as…' }).click();
    await page.getByRole('button', { name: 'View', exact: true }).click();
    const bar = page.getByRole('region', { name: 'Viewing as somebody else' });
    await bar.getByText('You are viewing as vera').waitFor();
    await stand.at('/c/main/nodes');
    await page.getByText('You may not list nodes in the whole cluster.').waitFor();
    await bar.waitFor();
    expect(await stand.watched.accessibilityFindings()).toEqual([]);
    await stand.at('/c/main/configmaps');
    await page.getByRole('link', { name: 'of-the-shop' }).waitFor();
    expect(await page.getByRole('link', { name: 'kube-root-ca.crt' }).count()).toBeLessThan(4);
    await page.keyboard.press('F9');
    await bar.waitFor({ state: 'detached' });
    await page.getByText('2 of 2 ready').waitFor();
  });
});
