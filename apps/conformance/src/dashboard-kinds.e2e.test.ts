import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, eventually, type Kubectl } from './index.js';

const definition = (columns: object[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'crontabs', singular: 'crontab', kind: 'CronTab', shortNames: ['ct'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        additionalPrinterColumns: columns,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['cronSpec'],
                properties: {
                  cronSpec: { type: 'string', description: 'When it runs, as crontab writes it.' },
                  replicas: { type: 'integer' },
                  mode: { type: 'string', enum: ['Fast', 'Slow'] },
                },
              },
            },
          },
        },
      },
    ],
  },
});
const SPEC_COLUMN = { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' };
const REPLICAS_COLUMN = { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' };

describe.runIf(canBrowse)('kinds in the dashboard', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let context: BrowserContext;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 12,
      nodes: 1,
    });
    ({ cluster, kubectl, context, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = (path: string) => page.goto(`${cluster.webUrl}${path}`);
  const cell = (text: string) => page.getByRole('cell', { name: text, exact: true });
  const apply = (object: object) =>
    eventually('kubectl apply', () => kubectl.try(['apply', '-f', '-'], JSON.stringify(object)).status === 0);

  const suggestion = (label: string) => page.locator('.cm-completionLabel').getByText(label, { exact: true });

  /** Waits until what was chosen stands in the text. */
  const lastLine = (text: string) => expect.poll(() => page.locator('.cm-line').last().textContent()).toBe(text);

  /** Writes at the end of the text that is edited; what is `given` stands there as it is, the rest is typed. */
  async function write(given: string, typed: string): Promise<void> {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(given);
    await page.keyboard.type(typed);
  }

  test('a cluster that is not there has a page that says so, and a way on', async () => {
    await at('/c/nosuch/pods');
    await page.getByText('There is no cluster “nosuch”').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    await page.getByRole('link', { name: 'Go to the cluster main' }).click();
    await page.waitForURL('**/c/main');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('loaded anew while nobody answers, it says so and goes on by itself', async () => {
    await at('/c/main/pods');
    await page.getByRole('heading', { name: 'Pods' }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await context.setOffline(true);
    await page.reload();
    await page.getByText('The dashboard cannot be reached').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'Pods' }).waitFor();
  });

  test('while YAML is written the fields of the kind are suggested with what they mean, and their values', async () => {
    kubectl.run('create', 'deployment', 'written', '--image=nginx');
    await at('/c/main/deployments.apps/default/written?tab=yaml');
    await page.getByRole('button', { name: 'Edit' }).click();
    await write('\nspec:\n  ', 'stra');
    await page.locator('.cm-completionInfo').getByText('replace existing pods').waitFor();
    await suggestion('strategy').click();
    await lastLine('    ');
    await page.keyboard.type('typ');
    await suggestion('type').click();
    await lastLine('    type: ');
    await page.keyboard.type('Rec');
    await suggestion('Recreate').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
  });

  test('a custom kind appears, changes and goes without a reload', async () => {
    await at('/c/main/kinds');
    await watched.mark();
    await page.getByPlaceholder('Filter kinds').fill('crontab');
    await apply(definition([SPEC_COLUMN]));
    await page.getByRole('link', { name: 'CronTabs' }).click();
    await page.getByRole('heading', { name: 'CronTabs' }).waitFor();
    await apply({
      apiVersion: 'stable.example.com/v1',
      kind: 'CronTab',
      metadata: { name: 'every-night', namespace: 'default' },
      spec: { cronSpec: '0 3 * * *', replicas: 7 },
    });
    await cell('0 3 * * *').waitFor();
    await apply(definition([SPEC_COLUMN, REPLICAS_COLUMN]));
    await cell('7').waitFor();
    await page.getByRole('link', { name: 'every-night' }).click();
    await page.getByRole('heading', { name: 'every-night' }).waitFor();
    await page.getByText('Replicas', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'YAML' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    await write('\nspec:\n  ', 'mod');
    await suggestion('mode').waitFor();
    expect(await watched.accessibilityFindings()).toEqual([]);
    expect(await watched.wasReloaded()).toBe(false);
    kubectl.run('delete', 'crd', 'crontabs.stable.example.com');
    await page.getByText('This cluster serves no kind “crontabs.stable.example.com”').waitFor();
  });
});
