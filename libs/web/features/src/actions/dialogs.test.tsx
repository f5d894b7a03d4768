// @vitest-environment jsdom
import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { ConfigMap, Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap, deployment, node, pod, replicaSet, service } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { served } from '../testing/render.js';
import { RowActions } from './row-actions.js';

let side: PageSide;
beforeEach(async () => {
  layOut();
  side = await PageSide.start();
  vi.stubGlobal('fetch', side.fetch());
});
afterEach(() => {
  cleanup();
  side.end();
  vi.unstubAllGlobals();
});

const deployments = () => side.objects<Deployment>(refs.deployments);
const untyped = (object: KubeObject) => object as UnstructuredObject;

/** The menu of a row, opened, over an object of the server's. */
async function menuOf(id: string, object: KubeObject) {
  const page = showPage(<RowActions resource={served(id)} object={untyped(object)} />, { line: side.line() });
  await page.user.click(screen.getByRole('button', { name: `Actions for ${object.metadata.name}` }));
  return page;
}
async function dialogOf(id: string, object: KubeObject, action: string) {
  const page = await menuOf(id, object);
  await page.user.click(screen.getByRole('menuitem', { name: action }));
  return { ...page, dialog: await screen.findByRole('dialog') };
}
const items = () => screen.getAllByRole('menuitem').map(({ textContent }) => textContent);
const toast = (text: string | RegExp) => within(screen.getByRole('region', { name: 'Notifications' })).findByText(text);
const press = (name: string) => within(screen.getByRole('dialog')).getByRole('button', { name });

describe('what is offered follows from the kind', () => {
  test.each([
    [
      'deployments.apps',
      deployment(),
      ['View logs', 'Edit YAML', 'Copy name', 'Who can…', 'Scale…', 'Restart…', 'Roll back…', 'Delete…'],
    ],
    ['replicasets.apps', replicaSet(), ['View logs', 'Edit YAML', 'Copy name', 'Who can…', 'Scale…', 'Delete…']],
    ['pods', pod(), ['View logs', 'Edit YAML', 'Copy name', 'Who can…', 'Delete…']],
    ['nodes', node(), ['Edit YAML', 'Copy name', 'Who can…', 'Cordon…', 'Drain…', 'Delete…']],
    [
      'nodes',
      node({ spec: { unschedulable: true } }),
      ['Edit YAML', 'Copy name', 'Who can…', 'Uncordon', 'Drain…', 'Delete…'],
    ],
    ['configmaps', configMap(), ['Edit YAML', 'Copy name', 'Who can…', 'Delete…']],
  ])('of %s', async (id, object, offered) => {
    await menuOf(id, object);
    expect(items()).toEqual(offered);
  });

  test('and of what the server only shows, nothing that would change it', async () => {
    const resource = { ...served('deployments.apps'), verbs: ['get', 'list', 'watch'] };
    const { user } = showPage(<RowActions resource={resource} object={untyped(deployment())} />);
    await user.click(screen.getByRole('button', { name: 'Actions for web' }));
    expect(items()).toEqual(['YAML', 'Copy name', 'Who can…']);
  });

  test('ways to the object’s pages are links', async () => {
    await menuOf('pods', pod());
    expect(screen.getByRole('menuitem', { name: 'View logs' }).getAttribute('href')).toBe(
      '/c/main/pods/default/pod-1?tab=logs',
    );
  });

  test('its name is copied', async () => {
    const { user } = await menuOf('pods', pod());
    await user.click(screen.getByRole('menuitem', { name: 'Copy name' }));
    expect(await navigator.clipboard.readText()).toBe('pod-1');
  });
});

/** What was asked of the server besides what one may do. */
const changes = () => side.requests.filter(({ path }) => !path.startsWith('/apis/authorization.'));

describe('scaling', () => {
  const field = () => screen.getByRole('textbox', { name: 'Replicas' });

  test('says what will come of it, does it, and can be undone', async () => {
    const web = await deployments().create(deployment({ spec: { replicas: 3 } }));
    const { user, dialog } = await dialogOf('deployments.apps', web, 'Scale…');
    expect(dialog.textContent).toContain('Now 3 replicas.');
    expect(document.activeElement).toBe(field());
    await user.clear(field());
    await user.type(field(), '5');
    expect(within(dialog).getByRole('status').textContent).toBe('2 Pods will be started.');
    expect(dialog.textContent).toContain('kubectlscaledeployments.apps/web-ndefault--replicas=5');
    await user.click(press('Scale'));
    await toast('web scaled to 5');
    expect((await deployments().get('web')).spec?.replicas).toBe(5);
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await toast('web scaled to 3');
    expect((await deployments().get('web')).spec?.replicas).toBe(3);
  });

  test.each([
    ['1', '2 Pods will be stopped.', false],
    ['0', 'All Pods will be stopped; nothing will serve until you scale up again.', false],
    ['3', 'Nothing will change.', true],
    ['', 'A whole number from 0 to 10000.', true],
    ['-1', 'A whole number from 0 to 10000.', true],
    ['1.5', 'A whole number from 0 to 10000.', true],
    ['10001', 'A whole number from 0 to 10000.', true],
    ['abc', 'A whole number from 0 to 10000.', true],
  ])('to %j is told: %s', async (typed, told, blocked) => {
    const { user, dialog } = await dialogOf('deployments.apps', deployment({ spec: { replicas: 3 } }), 'Scale…');
    await user.clear(field());
    if (typed) await user.type(field(), typed);
    expect(within(dialog).getByRole('status').textContent).toBe(told);
    expect(press('Scale').getAttribute('aria-disabled')).toBe(blocked ? 'true' : null);
    if (blocked) {
      await user.click(press('Scale'));
      expect(changes()).toEqual([]);
    }
  });

  test('is counted up and down by buttons and arrows, within its bounds', async () => {
    const { user } = await dialogOf('deployments.apps', deployment({ spec: { replicas: 1 } }), 'Scale…');
    const value = () => (field() as HTMLInputElement).value;
    await user.click(press('+1'));
    expect(value()).toBe('2');
    await user.click(field());
    await user.keyboard('{ArrowUp}');
    expect(value()).toBe('3');
    for (let step = 0; step < 5; step += 1) await user.click(press('−1'));
    expect(value()).toBe('0');
  });

  test('that fails says why, and the dialog stays with what was typed', async () => {
    const { user } = await dialogOf('deployments.apps', deployment({ spec: { replicas: 3 } }), 'Scale…');
    await user.clear(field());
    await user.type(field(), '4{Enter}');
    await toast(/^Scale failed: .*"web" not found/);
    expect((field() as HTMLInputElement).value).toBe('4');
  });
});

describe('restarting', () => {
  test('changes the template, which makes new Pods', async () => {
    const web = await deployments().create(deployment());
    const { user, dialog } = await dialogOf('deployments.apps', web, 'Restart…');
    expect(dialog.textContent).toContain('New Pods replace the old ones a few at a time');
    await user.click(press('Restart'));
    await toast('web is restarting');
    const after = await deployments().get('web');
    const at = after.spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'];
    expect(Date.now() - Date.parse(at ?? '')).toBeLessThan(60_000);
    expect(after.metadata.generation).toBe((web.metadata.generation ?? 0) + 1);
  });
});

describe('rolling back', () => {
  const REVISION = 'deployment.kubernetes.io/revision';
  const setOf = (owner: Deployment, revision: string, image: string) =>
    replicaSet({
      metadata: {
        name: `web-${revision}`,
        annotations: { [REVISION]: revision },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner.metadata.uid ?? '', controller: true },
        ],
      },
      spec: {
        template: {
          metadata: { labels: { app: 'web', 'pod-template-hash': revision } },
          spec: { containers: [{ name: 'main', image }] },
        },
      },
    });

  test('puts the template of the chosen revision back', async () => {
    const web = await deployments().create(deployment({ metadata: { annotations: { [REVISION]: '3' } } }));
    const sets = side.objects<ReplicaSet>(refs.replicasets);
    for (const [revision, image] of [
      ['1', 'nginx:1.27'],
      ['2', 'nginx:1.28'],
      ['3', 'nginx:1.29'],
    ] as const) {
      await sets.create(setOf(web, revision, image));
    }
    const { user, dialog } = await dialogOf('deployments.apps', web, 'Roll back…');
    const choices = await within(dialog).findAllByRole('radio');
    expect(choices.map((choice) => choice.closest('label')?.textContent)).toEqual([
      expect.stringMatching(/^Revision 2.*nginx:1\.28$/),
      expect.stringMatching(/^Revision 1.*nginx:1\.27$/),
    ]);
    await user.click(choices[1] as HTMLElement);
    await user.click(press('Roll back'));
    await toast('web goes back to revision 1');
    const { template } = (await deployments().get('web')).spec ?? {};
    expect(template?.spec?.containers[0]?.image).toBe('nginx:1.27');
    expect(template?.metadata?.labels).toEqual({ app: 'web' });
  });

  test('is not possible where there is nothing to go back to, and says so once that is known', async () => {
    const web = await deployments().create(deployment());
    const { dialog } = await dialogOf('deployments.apps', web, 'Roll back…');
    expect(await within(dialog).findByText('There is no earlier revision to go back to.')).toBeTruthy();
    expect(press('Roll back').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('cordoning', () => {
  const nodes = () => side.objects<Node>(refs.nodes);

  test('keeps new Pods away, and is undone by one press', async () => {
    const one = await nodes().create(node());
    const { user } = await dialogOf('nodes', one, 'Cordon…');
    await user.click(press('Cordon'));
    await toast('node-1 is cordoned');
    expect((await nodes().get('node-1')).spec?.unschedulable).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    await toast('node-1 takes Pods again');
    expect((await nodes().get('node-1')).spec?.unschedulable).toBeUndefined();
  });

  test('is lifted at once, without a question', async () => {
    const one = await nodes().create(node({ spec: { unschedulable: true } }));
    const { user } = await menuOf('nodes', one);
    await user.click(screen.getByRole('menuitem', { name: 'Uncordon' }));
    await toast('node-1 takes Pods again');
    expect((await nodes().get('node-1')).spec?.unschedulable).toBeUndefined();
  });
});

describe('deleting', () => {
  test('says what goes, deletes it, and puts back what somebody wrote', async () => {
    const maps = side.objects<ConfigMap>(refs.configmaps);
    const written = await maps.create(configMap({ metadata: { labels: { app: 'web' } }, data: { key: 'mine' } }));
    // A list knows of the keys alone.
    const { user, dialog } = await dialogOf('configmaps', { ...written, data: { key: null } } as never, 'Delete…');
    expect(dialog.textContent).toContain('The object is removed for good; its history stays in the store.');
    await user.click(press('Delete'));
    await toast('settings is being deleted');
    expect(await maps.find('settings')).toBeUndefined();
    await user.click(screen.getByRole('button', { name: 'Put back' }));
    await toast('settings is back, as a new object');
    const back = await maps.get('settings');
    expect(back).toMatchObject({ data: { key: 'mine' }, metadata: { labels: { app: 'web' } } });
    expect(back.metadata.uid).not.toBe(written.metadata.uid);
  });

  test('puts a Service back at its old address', async () => {
    const services = side.objects<Service>(refs.services);
    const before = await services.create(service());
    const { user } = await dialogOf('services', before, 'Delete…');
    await user.click(press('Delete'));
    await user.click(await screen.findByRole('button', { name: 'Put back' }));
    await toast('web is back, as a new object');
    expect((await services.get('web')).spec?.clusterIP).toBe(before.spec?.clusterIP);
  });

  test('means the object that was looked at, and not another of its name', async () => {
    const maps = side.objects<ConfigMap>(refs.configmaps);
    const old = await maps.create(configMap());
    await maps.delete('settings');
    await maps.create(configMap({ data: { key: 'another' } }));
    const { user } = await dialogOf('configmaps', old, 'Delete…');
    await user.click(press('Delete'));
    await toast(/^Delete failed: .*the UID in the precondition .* does not match/);
    expect((await maps.get('settings')).data).toEqual({ key: 'another' });
  });

  test('of what takes other things along asks for the name, letter by letter', async () => {
    const nodes = side.objects<Node>(refs.nodes);
    const one = await nodes.create(node());
    await side.objects<Pod>(refs.pods).create(pod({ spec: { nodeName: 'node-1' } }));
    const { user, dialog } = await dialogOf('nodes', one, 'Delete…');
    await within(dialog).findByText(/its 1 Pod is started elsewhere/);
    expect(press('Delete').getAttribute('aria-disabled')).toBe('true');
    await user.type(within(dialog).getByLabelText('Type node-1 to confirm'), 'node-{Enter}');
    expect(await nodes.find('node-1')).toBeDefined();
    await user.type(within(dialog).getByLabelText('Type node-1 to confirm'), '1{Enter}');
    await toast('node-1 is being deleted');
    expect(await nodes.find('node-1')).toBeUndefined();
    expect(screen.queryByRole('button', { name: 'Put back' })).toBeNull();
  });

  test('counts the Pods that go along as they are, not as they were', async () => {
    const web = await deployments().create(deployment());
    const pods = side.objects<Pod>(refs.pods);
    await pods.create(pod({ metadata: { name: 'web-1', labels: { app: 'web' } } }));
    await pods.create(pod({ metadata: { name: 'other', labels: { app: 'other' } } }));
    const { dialog } = await dialogOf('deployments.apps', web, 'Delete…');
    await within(dialog).findByText('Everything it owns goes with it: 1 Pod.');
    await pods.create(pod({ metadata: { name: 'web-2', labels: { app: 'web' } } }));
    await within(dialog).findByText('Everything it owns goes with it: 2 Pods.');
  });

  test('is nothing axe has anything to say of, nor is any other of these dialogs', async () => {
    for (const [id, object, action] of [
      ['nodes', node(), 'Delete…'],
      ['nodes', node(), 'Cordon…'],
      ['deployments.apps', deployment(), 'Scale…'],
      ['deployments.apps', deployment(), 'Roll back…'],
    ] as const) {
      await dialogOf(id, object, action);
      expect(await accessibilityFindings(screen.getByRole('dialog'))).toEqual([]);
      cleanup();
    }
  });
});
