// @vitest-environment jsdom
import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap, deployment } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import type { KubeObject, UnstructuredObject } from '@binnacle/web-data';
import { accessibilityFindings, layOut } from '@binnacle/web-ui/testing';
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../../testing/page.js';
import { served } from '../../testing/render.js';
import { SelectionBar } from './selection-bar.js';

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

const untyped = (object: KubeObject) => object as UnstructuredObject;
const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;
const onSelect = vi.fn();
beforeEach(() => onSelect.mockReset());

function showBar(id: string, title: string, all: readonly KubeObject[], rows = all, ticked = all) {
  const bar = (
    <SelectionBar
      resource={served(id)}
      title={title}
      items={all.map(untyped)}
      rows={rows.map(untyped)}
      selected={new Set(ticked.map(keyOf))}
      onSelect={onSelect}
    />
  );
  return showPage(bar, { line: side.line() });
}
const dialog = () => screen.getByRole('dialog');
const press = (name: string) => within(dialog()).getByRole('button', { name });
const lines = () =>
  within(dialog())
    .getAllByRole('listitem')
    .map(({ textContent }) => textContent);
const outcome = (text: string) => within(dialog()).findByText(text);

async function makeDeployments(...replicas: number[]): Promise<Deployment[]> {
  const made: Deployment[] = [];
  for (const [at, count] of replicas.entries()) {
    const one = deployment({ metadata: { name: `web-${at}` }, spec: { replicas: count } });
    made.push(await side.objects<Deployment>(refs.deployments).create(one));
  }
  return made;
}
async function makeMaps(count: number): Promise<ConfigMap[]> {
  const maps: ConfigMap[] = [];
  for (let at = 0; at < count; at += 1) {
    maps.push(await side.objects<ConfigMap>(refs.configmaps).create(configMap({ metadata: { name: `map-${at}` } })));
  }
  return maps;
}
const get = (name: string) => side.objects<Deployment>(refs.deployments).get(name);
const isDryRun = ({ path, body }: { path: string; body?: unknown }) => /dryRun/.test(`${path}${String(body)}`);

describe('what is ticked', () => {
  test('is counted, those the filter hides apart, and all that it leaves are one press away', async () => {
    const [one, two, three] = ['a', 'b', 'c'].map((name) => configMap({ metadata: { name } })) as [
      ConfigMap,
      ConfigMap,
      ConfigMap,
    ];
    const { user } = showBar('configmaps', 'ConfigMaps', [one, two, three], [two, three], [one, two]);
    expect(screen.getByRole('status').textContent).toBe('2 selected · 1 not in this view');
    await user.click(screen.getByRole('button', { name: 'Select all 2' }));
    expect(onSelect).toHaveBeenCalledWith(new Set([one, two, three].map(keyOf)));
  });

  test.each([
    ['deployments.apps', deployment(), ['Restart…', 'Scale…', 'Label…', 'Delete…', 'Clear selection']],
    ['configmaps', configMap(), ['Label…', 'Delete…', 'Clear selection']],
  ])('of %s can be done what can be done to one', (id, object, offered) => {
    showBar(id, 'Any', [object]);
    expect(
      within(screen.getByRole('toolbar'))
        .getAllByRole('button')
        .map((button) => button.getAttribute('aria-label') ?? button.textContent),
    ).toEqual(offered);
  });
});

describe('restarting many', () => {
  test('says what it does to each, tries it with all, does it, and tells how it went', async () => {
    const made = await makeDeployments(3, 1);
    const { user } = showBar('deployments.apps', 'Deployments', made);
    await user.click(screen.getByRole('button', { name: 'Restart…' }));
    expect(lines()).toEqual(['default/web-03 Pods replaced', 'default/web-11 Pod replaced']);
    expect(dialog().textContent).toContain('kubectl rollout restart deployments.apps web-0 web-1 -n default');
    side.requests.length = 0;
    await user.click(press('Restart 2'));
    await outcome('2 done.');
    expect(side.requests.map(isDryRun)).toEqual([true, true, false, false]);
    expect(lines()).toEqual(['default/web-03 Pods replacedDone', 'default/web-11 Pod replacedDone']);
    const at = async (name: string) =>
      (await get(name)).spec?.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'];
    expect(await at('web-0')).toBeDefined();
    expect(await at('web-1')).toBe(await at('web-0'));
    await user.click(press('Done'));
    expect(onSelect).toHaveBeenCalledWith(new Set());
  });

  test('leaves alone one whose rollout is paused', async () => {
    const paused = deployment({ metadata: { name: 'paused' }, spec: { paused: true } });
    const { user } = showBar('deployments.apps', 'Deployments', [deployment(), paused]);
    await user.click(screen.getByRole('button', { name: 'Restart…' }));
    expect(lines()[1]).toBe('default/pausedLeft alone: its rollout is paused');
    expect(dialog().textContent).toContain('1 is left alone.');
    expect(press('Restart 1')).toBeTruthy();
  });
});

describe('scaling many', () => {
  test('says from what to what, and leaves alone those that have it', async () => {
    const made = await makeDeployments(1, 5);
    const { user } = showBar('deployments.apps', 'Deployments', made);
    await user.click(screen.getByRole('button', { name: 'Scale…' }));
    const field = within(dialog()).getByRole('textbox', { name: 'Replicas' });
    await user.clear(field);
    await user.type(field, '5');
    expect(lines()).toEqual(['default/web-01 → 5', 'default/web-15, as it is']);
    await user.click(press('Scale 1'));
    await outcome('1 done.');
    expect((await get('web-0')).spec?.replicas).toBe(5);
  });

  test('does not take what is no number', async () => {
    const { user } = showBar('deployments.apps', 'Deployments', [deployment()]);
    await user.click(screen.getByRole('button', { name: 'Scale…' }));
    await user.type(within(dialog()).getByRole('textbox', { name: 'Replicas' }), 'x');
    expect(press('Scale 1').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('labelling many', () => {
  test('says what becomes of each, sets and takes away', async () => {
    const deployments = side.objects<Deployment>(refs.deployments);
    const [first] = await makeDeployments(1, 1);
    const one = await deployments.change('web-0', { metadata: { labels: { tier: 'old', spare: 'x' } } });
    const two = await deployments.get('web-1');
    expect(first).toBeDefined();
    const { user } = showBar('deployments.apps', 'Deployments', [one, two]);
    await user.click(screen.getByRole('button', { name: 'Label…' }));
    expect(press('Label 2').getAttribute('aria-disabled')).toBe('true');
    await user.type(within(dialog()).getByRole('textbox', { name: 'Changes' }), 'tier=web spare-');
    expect(lines()).toEqual(['default/web-0tier: old → web, spare: x → –', 'default/web-1tier: – → web']);
    await user.click(press('Label 2'));
    await outcome('2 done.');
    expect((await deployments.get('web-0')).metadata.labels).toMatchObject({ tier: 'web' });
    expect((await deployments.get('web-0')).metadata.labels).not.toHaveProperty('spare');
  });

  test('says which the server would refuse, and changes none before it is told to', async () => {
    const made = await makeMaps(2);
    await side.objects<ConfigMap>(refs.configmaps).delete('map-1');
    const { user } = showBar('configmaps', 'ConfigMaps', made);
    await user.click(screen.getByRole('button', { name: 'Label…' }));
    await user.type(within(dialog()).getByRole('textbox', { name: 'Changes' }), 'a=b');
    await user.click(press('Label 2'));
    await outcome('Nothing has been changed: the server would refuse 1 of 2.');
    expect(lines()[0]).toMatch(/^default\/map-1.*Refused.*"map-1" not found/);
    const maps = side.objects<ConfigMap>(refs.configmaps);
    expect((await maps.get('map-0')).metadata.labels?.['a']).toBeUndefined();
    await user.click(press('Label 1'));
    await outcome('1 done, 1 not.');
    expect((await maps.get('map-0')).metadata.labels?.['a']).toBe('b');
    await user.click(press('Done'));
    expect(onSelect).toHaveBeenCalledWith(new Set(['default/map-1']));
  });

  test('says what it does not understand, and what the server says of a bad key', async () => {
    const { user } = showBar('configmaps', 'ConfigMaps', await makeMaps(1));
    await user.click(screen.getByRole('button', { name: 'Label…' }));
    const field = within(dialog()).getByRole('textbox', { name: 'Changes' });
    await user.type(field, 'nothing');
    expect(dialog().textContent).toContain('“nothing” is neither key=value nor key-.');
    await user.clear(field);
    await user.type(field, '_bad=x');
    await user.click(press('Label 1'));
    await outcome('Nothing has been changed: the server would refuse 1 of 1.');
    await user.click(press('Back'));
    expect(press('Label 1')).toBeTruthy();
  });

  test('puts annotations where they are asked for', async () => {
    const { user } = showBar('configmaps', 'ConfigMaps', await makeMaps(1));
    await user.click(screen.getByRole('button', { name: 'Label…' }));
    await user.selectOptions(within(dialog()).getByLabelText('What'), 'annotations');
    await user.type(within(dialog()).getByRole('textbox', { name: 'Changes' }), 'note="two words"');
    await user.click(press('Label 1'));
    await outcome('1 done.');
    const map = await side.objects<ConfigMap>(refs.configmaps).get('map-0');
    expect(map.metadata.annotations?.['note']).toBe('two words');
  });
});

describe('deleting many', () => {
  test('tells which, tries it, deletes all of them, and lets them go', async () => {
    const made = await makeMaps(10);
    const { user } = showBar('configmaps', 'ConfigMaps', made);
    await user.click(screen.getByRole('button', { name: 'Delete…' }));
    await screen.findByRole('dialog', { name: 'Delete 10 ConfigMaps?' });
    expect(lines()).toEqual(made.map((map) => `${keyOf(map)}goes`));
    await user.click(press('Delete 10'));
    await outcome('10 done.');
    const left = await side.objects<ConfigMap>(refs.configmaps).list();
    expect(left.filter(({ metadata }) => metadata.name?.startsWith('map-'))).toEqual([]);
    await user.click(press('Done'));
    await waitFor(() => expect(onSelect).toHaveBeenCalledWith(new Set()));
  });

  test('means those that were looked at, and not others of their names', async () => {
    const made = await makeMaps(1);
    const maps = side.objects<ConfigMap>(refs.configmaps);
    await maps.delete('map-0');
    await maps.create(configMap({ metadata: { name: 'map-0' }, data: { key: 'another' } }));
    const { user } = showBar('configmaps', 'ConfigMaps', made);
    await user.click(screen.getByRole('button', { name: 'Delete…' }));
    await user.click(press('Delete 1'));
    await outcome('Nothing has been changed: the server would refuse 1 of 1.');
    expect((await maps.get('map-0')).data).toEqual({ key: 'another' });
  });

  test('asks for their number where one of them is of kube-system', async () => {
    const system = configMap({ metadata: { namespace: 'kube-system' } });
    const { user } = showBar('configmaps', 'ConfigMaps', [configMap(), system]);
    await user.click(screen.getByRole('button', { name: 'Delete…' }));
    expect(press('Delete 2').getAttribute('aria-disabled')).toBe('true');
    await user.type(screen.getByLabelText('Type 2 to confirm'), '2');
    expect(press('Delete 2').getAttribute('aria-disabled')).toBeNull();
  });
});

test('none of these dialogs is anything axe has anything to say of', async () => {
  for (const name of ['Restart…', 'Scale…', 'Label…', 'Delete…']) {
    const { user } = showBar('deployments.apps', 'Deployments', [deployment()]);
    await user.click(screen.getByRole('button', { name }));
    expect(await accessibilityFindings(dialog())).toEqual([]);
    cleanup();
  }
});
