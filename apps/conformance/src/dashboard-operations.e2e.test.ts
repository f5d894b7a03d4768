import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedPage } from './browser.js';
import { canBrowse, type DashboardStand, openDashboard } from './dashboard-stand.js';
import { type Cluster, eventually, type Kubectl } from './index.js';

const WAIT = '--timeout=120s';

const template = (app: string, script: string, more: object = {}) => ({
  metadata: { labels: { app } },
  spec: {
    containers: [
      { name: 'app', image: 'busybox', command: ['sh', '-c', script], resources: { requests: { cpu: '10m' } } },
    ],
    ...more,
  },
});
const deployment = (name: string, replicas: number, more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: template(name, 'sleep 36000', { terminationGracePeriodSeconds: 1, ...more }),
  },
});
const budget = (name: string, minAvailable: number) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable, selector: { matchLabels: { app: name } } },
});
/** Fails on one of its indexes, for good, with an exit code its policy names. */
const SCRIPT = 'if [ "$JOB_COMPLETION_INDEX" = 3 ]; then exit 42; fi; exit 0';
const indexed = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'pages' },
  spec: {
    completionMode: 'Indexed',
    completions: 5,
    parallelism: 5,
    backoffLimitPerIndex: 1,
    podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [42] } }] },
    template: template('pages', SCRIPT, { restartPolicy: 'Never' }),
  },
};
const database = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    replicas: 2,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: template('db', 'sleep 36000', { terminationGracePeriodSeconds: 1 }),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
};

describe.runIf(canBrowse)('the work of an operator in the dashboard', () => {
  let cluster: Cluster;
  let kubectl: Kubectl;
  let stand: DashboardStand;
  let watched: WatchedPage;
  let page: Page;

  const apply = (...items: object[]) => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    expect(kubectl.try(['apply', '-f', '-'], text)).toMatchObject({ status: 0, stderr: '' });
  };

  beforeAll(async () => {
    stand = await openDashboard({
      slot: 18,
      nodes: 2,
      context: { timezoneId: 'Asia/Tokyo' },
    });
    ({ cluster, kubectl, watched, page } = stand);
  });

  afterAll(() => stand?.dispose());

  afterEach(() => {
    expect(watched.errors).toEqual([]);
  });

  const at = async (path: string, heading: string | RegExp) => {
    await page.goto(`${cluster.webUrl}${path}`);
    await page.getByRole('heading', { name: heading }).waitFor();
  };
  const panel = (title: string) =>
    page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
  const dialog = () => page.getByRole('dialog');
  const cell = (text: string | RegExp) => page.getByRole('cell', { name: text });
  const accessible = async () => expect(await watched.accessibilityFindings()).toEqual([]);

  describe('Jobs', () => {
    test('one that fails on an index shows which, why, and by which rule, as it happens', async () => {
      kubectl.run('create', 'job', 'first', '--image=busybox', '--', 'true');
      await at('/c/main/jobs.batch', 'Jobs');
      apply(indexed);
      await page.getByRole('link', { name: 'pages', exact: true }).click();
      await page.getByRole('img', { name: 'Indexes: 1 failed, 4 done' }).waitFor();
      await panel('Progress').getByText('4 of 5 done').waitFor();
      await panel('Indexes with failures').getByText('Given up').waitFor();
      await panel('Indexes with failures').getByText('app: Error (42)').waitFor();
      await panel('Pod failure policy').getByText('exitCode In (42)').waitFor();
      expect(await panel('Pod failure policy').getByRole('link').count()).toBe(1);
      const { status } = kubectl.json<Job>('get', 'job', 'pages');
      expect(status).toMatchObject({ failedIndexes: '3', completedIndexes: '0-2,4' });
      await accessible();
    });

    test('is run again by the keyboard, under another name', async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('run again');
      await page.keyboard.press('Enter');
      await dialog().getByRole('textbox', { name: 'Name of the Job' }).fill('pages-again');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Open' }).click();
      await page.getByRole('heading', { name: 'Job pages-again' }).waitFor();
      await page.getByRole('img', { name: 'Indexes: 1 failed, 4 done' }).waitFor();
    });

    test('rests and goes on', async () => {
      apply({
        ...indexed,
        metadata: { name: 'long' },
        spec: { parallelism: 1, template: template('long', 'sleep 600', { restartPolicy: 'Never' }) },
      });
      await at('/c/main/jobs.batch/default/long', 'Job long');
      await page.getByRole('button', { name: 'Suspend…' }).click();
      await dialog().getByRole('button', { name: 'Suspend' }).click();
      await panel('Progress').getByText('It rests').waitFor();
      await eventually('its Pod is gone', () => !kubectl.run('get', 'pods', '-l', 'job-name=long').includes('Running'));
      await page.getByRole('button', { name: 'Resume' }).click();
      await panel('Progress').getByText('1 running').waitFor();
    });
  });

  describe('CronJobs', () => {
    test('show their next runs by their clocks and the reader’s, run now, and rest', async () => {
      kubectl.run('create', 'cronjob', 'nightly', '--image=busybox', '--schedule=30 2 * * *', '--', 'true');
      kubectl.run('patch', 'cronjob', 'nightly', '-p', '{"spec":{"timeZone":"Europe/Berlin"}}');
      await at('/c/main/cronjobs.batch/default/nightly', 'CronJob nightly');
      await panel('Next runs').getByRole('columnheader', { name: 'Europe/Berlin' }).waitFor();
      await panel('Next runs').getByRole('columnheader', { name: 'Yours: Asia/Tokyo' }).waitFor();
      expect(await panel('Next runs').getByText(/ 2:30/).count()).toBe(5);
      await page.getByRole('button', { name: 'Run now…' }).click();
      await dialog().getByRole('button', { name: 'Run' }).click();
      await panel('Last runs').getByRole('cell', { name: 'hand' }).waitFor();
      await panel('Last runs').getByText('Complete').waitFor();
      await accessible();
      kubectl.run('patch', 'cronjob', 'nightly', '-p', '{"spec":{"suspend":true}}');
      await panel('Next runs').getByText('None while it is suspended').waitFor();
      await page.getByRole('button', { name: 'Resume' }).waitFor();
    });
  });

  describe('rollouts', () => {
    test('of a Deployment are followed, compared and undone', async () => {
      apply(deployment('shop', 3));
      kubectl.run('rollout', 'status', 'deployment/shop', WAIT);
      await at('/c/main/deployments.apps/default/shop', 'Deployment shop');
      await panel('Revisions').getByText('Revision 1').first().waitFor();
      kubectl.run('set', 'image', 'deployment/shop', 'app=busybox:broken-tag-1');
      await panel('Revisions').getByText('Revision 2').first().waitFor();
      await panel('Revisions').getByRole('button', { name: 'Compare Revision 1' }).click();
      await panel('Revisions').getByText('image: busybox:broken-tag-1').waitFor();
      await accessible();
      await panel('Revisions').getByRole('button', { name: 'Roll back… Revision 1' }).click();
      await dialog().getByText('What changes').waitFor();
      await dialog().getByRole('button', { name: 'Roll back' }).click();
      await panel('Revisions').getByText('Revision 3').first().waitFor();
      kubectl.run('rollout', 'status', 'deployment/shop', WAIT);
      expect(kubectl.run('get', 'deployment', 'shop', '-o', 'jsonpath={..image}')).toBe('busybox');
    });

    test('of a StatefulSet show each ordinal, its revision and its claims', async () => {
      apply(database);
      await at('/c/main/statefulsets.apps/default/db', 'StatefulSet db');
      await panel('Members').getByRole('link', { name: 'data-db-1' }).waitFor();
      await panel('Members').getByRole('link', { name: 'db-1', exact: true }).waitFor();
      kubectl.run('rollout', 'status', 'statefulset/db', WAIT);
      kubectl.run(
        'patch',
        'statefulset',
        'db',
        '--type=json',
        '-p',
        '[{"op":"add","path":"/spec/updateStrategy/rollingUpdate","value":{"partition":1}}]',
      );
      kubectl.run('set', 'env', 'statefulset/db', 'ROUND=2');
      await panel('Members').getByText('The partition holds back the ordinals below 1.').waitFor();
      await accessible();
    });
  });

  describe('many at once', () => {
    const names = ['many-1', 'many-2', 'many-3', 'many-4'];

    test('are ticked as a range by Shift, and restarted after a try', async () => {
      apply(...names.map((name) => deployment(name, 1)));
      for (const name of names) kubectl.run('rollout', 'status', `deployment/${name}`, WAIT);
      await at('/c/main/deployments.apps?q=many-*', 'Deployments');
      await page.getByRole('checkbox', { name: 'Select default/many-1' }).click();
      await page.getByRole('checkbox', { name: 'Select default/many-3' }).click({ modifiers: ['Shift'] });
      const bar = page.getByRole('toolbar');
      await bar.getByText('3 selected').waitFor();
      await bar.getByRole('button', { name: 'Select all 4' }).waitFor();
      await accessible();
      await bar.getByRole('button', { name: 'Restart…' }).click();
      await dialog().getByRole('button', { name: 'Restart 3' }).click();
      await dialog().getByText('3 done.').waitFor();
      await accessible();
      await dialog().getByRole('button', { name: 'Done' }).click();
      const restarted = names.map((name) =>
        kubectl.run('get', 'deployment', name, '-o', 'yaml').includes('restartedAt'),
      );
      expect(restarted).toEqual([true, true, true, false]);
    });

    test('are ticked by the keyboard alone, and labelled', async () => {
      await page.keyboard.press('Escape');
      await page.locator('[role="table"]').focus();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      await page.getByRole('toolbar').getByText('3 selected').waitFor();
      await page.getByRole('button', { name: 'Label…' }).click();
      await dialog().getByRole('textbox', { name: 'Changes' }).fill('tier=web');
      await dialog().getByRole('listitem').filter({ hasText: 'default/many-4' }).getByText('tier: – → web').waitFor();
      await page.keyboard.press('Enter');
      await dialog().getByText('3 done.').waitFor();
      await page.keyboard.press('Escape');
      const labelled = kubectl.run('get', 'deployments', '-l', 'tier=web', '-o', 'name').trim().split('\n');
      expect(labelled).toEqual(['many-2', 'many-3', 'many-4'].map((name) => `deployment.apps/${name}`));
    });
  });

  describe('draining', () => {
    const NODE = 'worker-1';

    test('is told beforehand: what goes, what is lost, what stays, and which budget blocks', async () => {
      const onNode = { nodeSelector: { 'kubernetes.io/hostname': NODE } };
      apply(deployment('guarded', 2, onNode), budget('guarded', 2));
      apply(deployment('scratch', 1, { ...onNode, volumes: [{ name: 'tmp', emptyDir: {} }] }));
      for (const name of ['guarded', 'scratch']) kubectl.run('rollout', 'status', `deployment/${name}`, WAIT);
      await at(`/c/main/nodes/${NODE}`, `Node ${NODE}`);
      await page.getByRole('button', { name: 'Drain…' }).click();
      await dialog().getByText('Blocks it: 2 healthy, 2 needed').first().waitFor();
      await dialog().getByText('emptyDir data is lost').waitFor();
      expect(await dialog().getByRole('button', { name: 'Drain' }).getAttribute('aria-disabled')).toBe('true');
      await accessible();
      await dialog().getByLabel('Lose what Pods hold in emptyDir volumes').check();
      await dialog()
        .getByText(`kubectl drain ${NODE} --ignore-daemonsets --delete-emptydir-data`.split(' ').at(-1) ?? '')
        .waitFor();
    });

    test('is held by the budget, tells so on every page, and goes on once the budget lets it', async () => {
      await dialog().getByRole('button', { name: 'Drain' }).click();
      await panel('Drain').getByText('Refused, asked again in 5 s').first().waitFor();
      await panel('Drain')
        .getByText(/needs 2 healthy pods and has 2 currently/)
        .first()
        .waitFor();
      expect(kubectl.run('get', 'node', NODE)).toContain('SchedulingDisabled');
      await page.keyboard.press('g');
      await page.keyboard.press('p');
      // The Node's own page has a heading of that name, and tells of the drain a second time.
      await page.waitForURL('**/c/main/pods');
      await panel('Drain').waitFor({ state: 'detached' });
      await page.getByText(/held by budgets/).waitFor();
      await accessible();
      kubectl.run('delete', 'pdb', 'guarded');
      await page.getByText(/held by budgets/).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: 'Nodes', exact: true }).click();
      // While the list of Pods still stands there, its rows lead to their Nodes as well.
      await page
        .locator('[data-row-link]')
        .and(page.getByRole('link', { name: NODE, exact: true }))
        .click();
      await panel('Drain').getByText('Drained').waitFor();
      await eventually(
        'nothing of it runs there',
        () => !kubectl.run('get', 'pods', '--field-selector', `spec.nodeName=${NODE}`).includes('guarded'),
      );
      await page.getByRole('button', { name: 'Dismiss' }).click();
      await page.getByRole('button', { name: 'Uncordon' }).click();
      await eventually('it takes Pods again', () => !kubectl.run('get', 'node', NODE).includes('SchedulingDisabled'));
    });

    test('is stopped, and asks for nothing more', async () => {
      kubectl.run('rollout', 'status', 'deployment/guarded', WAIT);
      apply(budget('guarded', 2));
      await eventually(
        'the budget is counted',
        () => kubectl.run('get', 'pdb', 'guarded', '-o', 'jsonpath={.status.expectedPods}') === '2',
      );
      await page.getByRole('button', { name: 'Drain…' }).click();
      await dialog().getByText('Blocks it: 2 healthy, 2 needed').first().waitFor();
      const consent = dialog().getByRole('checkbox');
      for (const box of await consent.all()) await box.check();
      await dialog().getByRole('button', { name: 'Drain' }).click();
      await panel('Drain').getByText('Refused, asked again in 5 s').first().waitFor();
      await panel('Drain').getByRole('button', { name: 'Stop' }).click();
      await panel('Drain').getByText('Stopped').waitFor();
      expect(kubectl.run('get', 'pods', '-l', 'app=guarded')).toContain('Running');
    });
  });

  test('a claim says in plain words what it waits for', async () => {
    apply({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'lonely' },
      spec: {
        storageClassName: 'nowhere',
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
    });
    await at('/c/main/persistentvolumeclaims/default/lonely', 'PersistentVolumeClaim lonely');
    await panel('Binding').getByText('There is no class nowhere').waitFor();
    await at('/c/main/persistentvolumeclaims/default/data-db-0', 'PersistentVolumeClaim data-db-0');
    await panel('Binding').getByText('It has the volume').waitFor();
    await page.getByRole('button', { name: 'Resize…' }).waitFor();
    await accessible();
    await cell('db-0').first().waitFor();
  });

  test('a page scrolls below its head, and the window never does', async () => {
    kubectl.run('run', 'seen', '--image=busybox', '--', 'sleep', '36000');
    kubectl.run('wait', '--for=condition=Ready', 'pod/seen', WAIT);
    await page.setViewportSize({ width: 390, height: 700 });
    try {
      await at('/c/main/pods/default/seen', 'Pod seen');
      await panel('Every node').getByText('chosen').first().waitFor();
      const hidden = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
      expect(hidden).toBe(0);
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });
});
