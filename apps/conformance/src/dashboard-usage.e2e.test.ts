import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import type { Cluster, Kubectl } from './index.js';

const NODE_PORT = 30_082;
const CALLERS = 4;
const PATIENCE = { timeout: 240_000, interval: 500 };

const container = {
  name: 'php-apache',
  image: 'registry.k8s.io/hpa-example',
  ports: [{ containerPort: 80 }],
  resources: { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '200m', memory: '64Mi' } },
};
const named = (apiVersion: string, kind: string, spec: object, name = 'php-apache') => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});
const MANIFEST = [
  named('apps/v1', 'Deployment', {
    selector: { matchLabels: { run: 'php-apache' } },
    template: { metadata: { labels: { run: 'php-apache' } }, spec: { containers: [container] } },
  }),
  named('v1', 'Service', {
    type: 'NodePort',
    selector: { run: 'php-apache' },
    ports: [{ port: 80, nodePort: NODE_PORT }],
  }),
  named('autoscaling/v2', 'HorizontalPodAutoscaler', {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  }),
  named('v1', 'ResourceQuota', { hard: { pods: '3', 'requests.cpu': '4' } }, 'small'),
];

/** Calls the Service as fast as it answers, until it is told to stop. */
function load(): () => Promise<void> {
  let stopped = false;
  const call = async () => {
    while (!stopped) {
      const options = { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) };
      await fetch(`http://127.0.0.1:${NODE_PORT}/`, options)
        .then((answer) => answer.text())
        .catch(() => undefined);
    }
  };
  const calls = Array.from({ length: CALLERS }, call);
  return async () => {
    stopped = true;
    await Promise.all(calls);
  };
}

describe.runIf(canBrowse)('what is used, in the dashboard', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 22,
      nodes: 2,
      prepare: (kubectl) => {
        const items = { apiVersion: 'v1', kind: 'List', items: MANIFEST };
        expect(kubectl.try(['apply', '-f', '-'], JSON.stringify(items))).toMatchObject({ status: 0 });
        kubectl.run('rollout', 'status', 'deployment/php-apache', '--timeout=120s');
      },
    });
    ({ cluster, kubectl, watched, page } = stand);
  });
  afterAll(() => stand?.dispose());
  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
  const reading = (name: string) => page.getByRole('slider', { name }).first().getAttribute('aria-valuetext');
  /** Thousandths of a core: `150m`, `1.2`. */
  const millis = (text: string) => Number.parseFloat(text) * (text.endsWith('m') ? 1 : 1_000);

  /** What the first Pod of the list uses. */
  async function firstPod(): Promise<number> {
    const row = page.getByRole('row').nth(1);
    const share = row.getByText(/% of the limit/).first();
    const [amount = ''] = ((await share.locator('xpath=..').textContent()) ?? '').split(' ');
    return millis(amount);
  }

  test('a list says what Pods use, and goes on saying it while that changes', async () => {
    await at('/c/main/pods?ns=default&sort=-cpuUse');
    await page.getByRole('columnheader', { name: 'CPU use' }).waitFor({ timeout: PATIENCE.timeout });
    await expect.poll(firstPod, PATIENCE).toBeGreaterThan(0);
    const before = await firstPod();
    await watched.mark();
    const stop = load();
    try {
      await expect.poll(firstPod, PATIENCE).toBeGreaterThan(before + 50);
    } finally {
      await stop();
    }
    expect(await watched.wasReloaded()).toBe(false);
    expect(await watched.accessibilityFindings()).toEqual([]);
    expect(kubectl.run('get', 'podusages')).toMatch(/php-apache-\S+\s+\d+m\s+\d+Mi\s+\d+m\s+15m/);
  });

  test('a page shows how it went, to the eye and to the keys', async () => {
    await at('/c/main/deployments.apps/default/php-apache');
    const chart = page.getByRole('slider', { name: 'CPU', exact: true });
    await chart.waitFor();
    // 200m of each Pod, of which the autoscaler may have made more under the load before.
    await page
      .getByText(/^Request [246]00m/)
      .first()
      .waitFor({ timeout: PATIENCE.timeout });
    await expect.poll(() => chart.getAttribute('aria-valuemax'), PATIENCE).not.toBe('0');
    await chart.focus();
    await page.keyboard.press('Home');
    expect(await chart.getAttribute('aria-valuenow')).toBe('0');
    await page.keyboard.press('End');
    expect(await chart.getAttribute('aria-valuenow')).toBe(await chart.getAttribute('aria-valuemax'));
    await page.getByText('Figures', { exact: true }).first().click();
    await page.getByRole('columnheader', { name: 'Time' }).waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
  });

  test('an autoscaler says what it follows, and how many there were', async () => {
    const stop = load();
    try {
      await at('/c/main/horizontalpodautoscalers.autoscaling/default/php-apache');
      await page.getByRole('slider', { name: 'Replicas' }).waitFor();
      await expect.poll(() => reading('Replicas'), PATIENCE).toMatch(/: 3$/);
    } finally {
      await stop();
    }
    await page.getByText('more than wanted').or(page.getByText('no more than wanted')).first().waitFor();
    await page.getByText('It has figures and follows them.').waitFor();
    await page.getByText('100 % in 15 s').first().waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
  });

  test('a quota says what is left of it, and the front page what the cluster uses', async () => {
    await at('/c/main/resourcequotas/default/small');
    await page.getByText('nothing is left').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    await at('/c/main');
    await page.getByRole('heading', { name: 'Usage of the cluster' }).waitFor();
    expect(await reading('CPU')).toMatch(/^\d\d:\d\d: /);
    expect(await watched.accessibilityFindings()).toEqual([]);
  });
});
