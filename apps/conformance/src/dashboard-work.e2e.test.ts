import { request } from 'node:http';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, eventually, type Kubectl } from './index.js';

const deployment = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'app',
            image: 'busybox',
            command: ['sh', '-c', `echo "hello from ${name}"; sleep 36000`],
            ports: [{ containerPort: 8080 }],
            resources: { requests: { cpu: '10m' } },
            env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'hidden', key: 'word', optional: true } } }],
          },
        ],
      },
    },
  },
});
const CONFIG =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: made-here\n  namespace: default\ndata:\n  key: one\n';

interface Named {
  readonly items: ReadonlyArray<{ readonly metadata: { readonly name: string } }>;
}

describe.runIf(canBrowse)('work in the dashboard', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let context: BrowserContext;
  let watched: WatchedPage;
  let page: Page;
  let pods: readonly string[];

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 11,
      nodes: 1,
      prepare: (kubectl) => {
        const items = [deployment('web', 2)];
        expect(
          kubectl.try(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items })).stderr,
        ).toBe('');
        kubectl.run('rollout', 'status', 'deployment/web');
        pods = kubectl.json<Named>('get', 'pods', '-l', 'app=web').items.map(({ metadata }) => metadata.name);
      },
    });
    ({ cluster, kubectl, context, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
  const pane = (name: string) => page.getByRole('region', { name: `Terminal: ${name}` });
  /** What the screen of a terminal shows, as a reader of screens is told. */
  const screenOf = (name: string) => pane(name).locator('.xterm-accessibility-tree');

  test('a terminal is a shell in the container: it is typed into, it outlives its page, and tells how it ended', async () => {
    const [first = ''] = pods;
    await at(`/c/main/pods/default/${first}`);
    await watched.mark();
    await page.getByRole('button', { name: 'Terminal', exact: true }).click();
    await pane(`${first}/app`).getByText('Connected').waitFor();
    await page.keyboard.type('echo $((40+2))');
    await page.keyboard.press('Enter');
    await screenOf(`${first}/app`).getByText('42', { exact: true }).waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    await page.keyboard.press('F6');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('F6');
    await page.keyboard.type('exit 7');
    await page.keyboard.press('Enter');
    await pane(`${first}/app`).getByText('Ended with exit code 7.').first().waitFor();
    await page.keyboard.press('Enter');
    await pane(`${first}/app`).getByText('Connected').waitFor();
    expect(await watched.wasReloaded()).toBe(false);
  });

  test('a second stands beside the first: a container that was added to look at another Pod', async () => {
    const [first = '', second = ''] = pods;
    await page.getByRole('link', { name: 'Pods', exact: true }).click();
    await page.getByRole('link', { name: second, exact: true }).click();
    await page.getByRole('heading', { name: `Pod ${second}` }).waitFor();
    await page.getByRole('button', { name: 'Debug…' }).click();
    await page.getByRole('dialog').getByText('--image=busybox').waitFor();
    await page.getByRole('button', { name: 'Add and open' }).click();
    const debugging = page.getByRole('region', { name: new RegExp(`^Terminal: ${second}/debugger-`) });
    await debugging.getByText('Connected').waitFor();
    expect(await pane(`${first}/app`).isVisible()).toBe(true);
    await page.keyboard.type('hostname');
    await page.keyboard.press('Enter');
    await debugging.locator('.xterm-accessibility-tree').getByText(second).first().waitFor();
    await page.getByRole('button', { name: 'Close all terminals' }).click();
    await page.getByRole('region', { name: 'Terminals', exact: true }).waitFor({ state: 'detached' });
  });

  test('a page of another site gets no terminal by the cookie of this one', async () => {
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const path = `/api/v1/namespaces/default/pods/${pods[0] ?? ''}/exec?command=id&stdout=true`;
    const statusFrom = (origin: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          cookie,
          origin,
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': 'v5.channel.k8s.io',
        };
        const call = request(`${cluster.webUrl}${path}`, { headers });
        call.on('response', ({ statusCode }) => resolve(statusCode));
        call.on('upgrade', ({ statusCode }, socket) => {
          socket.destroy();
          resolve(statusCode);
        });
        call.on('error', reject);
        call.end();
      });
    expect(await statusFrom('https://evil.example')).toBe(403);
    expect(await statusFrom('null')).toBe(403);
    expect(await statusFrom(cluster.webUrl)).toBe(101);
  });

  test('the logs of a whole workload are one', async () => {
    await at('/c/main/deployments.apps/default/web?tab=logs');
    const log = page.getByRole('log', { name: 'Log of web' });
    await expect.poll(() => log.getByText('hello from web').count(), { timeout: 60_000 }).toBe(2);
    // Those of both Pods, and the one that was added.
    await page.getByText('3 containers', { exact: true }).waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    kubectl.run('scale', 'deployment/web', '--replicas=3');
    await expect.poll(() => log.getByText('hello from web').count(), { timeout: 60_000 }).toBe(3);
  });

  test('YAML is compared first and applied then, and conflicts name who owns a field', async () => {
    await at('/c/main/apply');
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const result = page.getByRole('list', { name: 'What comes of it' });
    const write = async (text: string) => {
      await page.locator('.cm-content').first().click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    };
    await write(`${CONFIG}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: Not_A_Name\n`);
    await press('Compare');
    await result.getByText('would be created').waitFor();
    await result.getByRole('button', { name: 'Line 12' }).waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    expect(kubectl.try(['get', 'configmap', 'made-here']).status).not.toBe(0);
    await write(CONFIG);
    await press('Apply');
    await result.getByText('created', { exact: true }).waitFor();
    kubectl.run('patch', 'configmap', 'made-here', '-p', '{"data":{"key":"two"}}');
    await press('Compare');
    await result.getByText('kubectl-patch').waitFor();
    await page.getByRole('checkbox', { name: 'Take these fields over (force)' }).check();
    await press('Apply');
    await result.getByText('configured', { exact: true }).waitFor();
    await eventually('the field to be taken over', () =>
      kubectl.run('get', 'configmap', 'made-here', '-o', 'jsonpath={.data.key}').includes('one'),
    );
  });

  test('a Pod tells what kubectl describe tells, and how its ports are reached', async () => {
    const [first = ''] = pods;
    await at(`/c/main/pods/default/${first}`);
    await page.getByText('cpu 10m').waitFor();
    await page.getByText('PASSWORD').waitFor();
    await page.getByText(`kubectl port-forward -n default pod/${first} 8080:8080`).waitFor();
    await page.getByText(/^127\.\d+\.\d+\.\d+:8080$/).waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
  });
});
