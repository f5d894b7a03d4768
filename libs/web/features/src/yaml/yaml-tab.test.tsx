// @vitest-environment jsdom
import type { Deployment } from '@binnacle/apis-kubernetes/apps/v1';
import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap, deployment } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import { useCluster } from '@binnacle/web-data';
import { layOut } from '@binnacle/web-ui/testing';
import { EditorView } from '@codemirror/view';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { useObject } from '../detail/use-object.js';
import { showPage } from '../testing/page.js';
import { served } from '../testing/render.js';
import { drafts } from './drafts.js';
import { YamlTab } from './yaml-tab.js';

let side: PageSide;
beforeEach(async () => {
  layOut();
  side = await PageSide.start();
  vi.stubGlobal('fetch', side.fetch());
});
afterEach(() => {
  cleanup();
  drafts.forgetAll();
  side.end();
  vi.unstubAllGlobals();
});

const mapOf = (data: Record<string, string>) => configMap({ data: { key: undefined, ...data } });
const maps = () => side.objects<ConfigMap>(refs.configmaps);

/** The tab over the object as it is, live. */
function Live({ id, name, readOnly = false }: { id: string; name: string; readOnly?: boolean }) {
  const { resources } = useCluster();
  const found = resources.byId(id) ?? served(id);
  const resource = readOnly ? { ...found, verbs: ['get'] } : found;
  const { object, gone } = useObject(found, { namespace: 'default', name });
  if (!object) return null;
  return (
    <>
      <output>{gone ? 'gone' : object.metadata.resourceVersion}</output>
      <YamlTab object={object} resource={resource} gone={gone} />
    </>
  );
}
async function tabOf(id: string, name: string) {
  const page = showPage(<Live id={id} name={name} />, { line: side.line() });
  await screen.findByRole('textbox', { name: `YAML of ${name}` });
  return page;
}
const editor = (): EditorView => {
  const found = EditorView.findFromDOM(document.querySelector('.cm-editor') as HTMLElement);
  if (!found) throw new Error('there is no editor');
  return found;
};
const text = () => editor().state.doc.toString();
/** As if somebody had typed it. */
const replace = (from: string | RegExp, to: string) =>
  act(() => {
    const whole = text();
    const next = whole.replace(from, to);
    expect(next).not.toBe(whole);
    editor().dispatch({ changes: { from: 0, to: whole.length, insert: next } });
  });
/** Waits until the page has heard of a change. */
const heardOf = (what: string | undefined) =>
  waitFor(() => expect(document.querySelector('output')?.textContent).toBe(what));
const button = (name: string) => screen.getByRole('button', { name });
const edit = async ({ user }: Awaited<ReturnType<typeof tabOf>>) => {
  await user.click(button('Edit'));
  await screen.findByRole('button', { name: 'Apply' });
};

describe('what is read', () => {
  test('is the object as the server has it, without the fields nobody edits', async () => {
    const path = '/api/v1/namespaces/default/configmaps/settings?fieldManager=kubectl';
    const { apiVersion, kind } = configMap();
    const applied = { apiVersion, kind, metadata: { name: 'settings' }, data: { greeting: 'hello' } };
    await fetch(path, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(applied),
    });
    const { user } = await tabOf('configmaps', 'settings');
    expect(text()).toMatch(/^apiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}name: settings\n {2}namespace: default\n/);
    expect(text()).toContain('data:\n  greeting: hello\n');
    expect(text()).not.toContain('managedFields');
    await user.click(screen.getByRole('checkbox', { name: 'Managed fields' }));
    expect(text()).toContain('managedFields:\n  - manager: kubectl\n    operation: Apply');
  });

  test('cannot be typed into', async () => {
    await maps().create(configMap());
    await tabOf('configmaps', 'settings');
    expect(editor().state.readOnly).toBe(true);
  });

  test('follows the object', async () => {
    await maps().create(mapOf({ a: '1' }));
    await tabOf('configmaps', 'settings');
    await maps().change('settings', { data: { a: '2' } });
    await waitFor(() => expect(text()).toContain('a: "2"'));
  });

  test('of what the server only shows cannot be edited, and says why', async () => {
    await maps().create(configMap());
    const { user } = showPage(<Live id="configmaps" name="settings" readOnly />, { line: side.line() });
    const edit = await screen.findByRole('button', { name: 'Edit' });
    await user.hover(edit);
    expect((await screen.findByRole('tooltip')).textContent).toBe('This kind cannot be updated');
    await user.click(edit);
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull();
  });
});

describe('what is written', () => {
  test('is applied, said, and shown as the server has it', async () => {
    await maps().create(mapOf({ a: '1' }));
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    replace('a: "1"', 'a: "1"\n  b: two');
    await page.user.click(button('Apply'));
    await screen.findByText('settings applied');
    expect((await maps().get('settings')).data).toEqual({ a: '1', b: 'two' });
    expect(button('Edit')).toBeTruthy();
    await waitFor(() => expect(text()).toContain('b: two'));
  });

  test('is tried first where somebody asks what the server would make of it', async () => {
    const webs = side.objects<Deployment>(refs.deployments);
    await webs.create(deployment());
    const page = await tabOf('deployments.apps', 'web');
    await edit(page);
    replace('replicas: 1', 'replicas: 4');
    replace(/ {2}strategy:\n(?: {4}.*\n)+/, '  strategy:\n    type: RollingUpdate\n');
    await page.user.click(button('Review changes'));
    await screen.findByText(/What the server would change/);
    // Its defaults are filled in again: only what was meant differs.
    const changed = [...document.querySelectorAll('.cm-changedLine')].map((line) => line.textContent);
    expect(changed).toEqual(['  replicas: 4']);
    expect((await webs.get('web')).spec?.replicas).toBe(1);
    await page.user.click(button('Back to editing'));
    expect(text()).toContain('replicas: 4');
    await page.user.click(button('Review changes'));
    await screen.findByText(/What the server would change/);
    await page.user.click(button('Apply'));
    await screen.findByText('web applied');
    expect((await webs.get('web')).spec?.replicas).toBe(4);
  });

  test('in another order of keys is told to change nothing', async () => {
    await maps().create(mapOf({ a: '1', b: '2' }));
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    replace('  a: "1"\n  b: "2"', '  b: "2"\n  a: "1"');
    await page.user.click(button('Review changes'));
    await screen.findByText(/The server would change nothing/);
  });

  test('and not wanted any more is thrown away', async () => {
    await maps().create(mapOf({ a: '1' }));
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    replace('a: "1"', 'a: "9"');
    await page.user.click(button('Discard changes'));
    expect(text()).toContain('a: "1"');
    expect((await maps().get('settings')).data).toEqual({ a: '1' });
  });

  test('outlives the tab it is written in', async () => {
    await maps().create(mapOf({ a: '1' }));
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    replace('a: "1"', 'a: mine');
    page.unmount();
    await tabOf('configmaps', 'settings');
    expect(text()).toContain('a: mine');
    expect(button('Apply')).toBeTruthy();
  });

  test('makes the browser ask before the page is closed, until it is applied', async () => {
    await maps().create(configMap());
    const page = await tabOf('configmaps', 'settings');
    const asks = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(asks()).toBe(false);
    await edit(page);
    expect(asks()).toBe(true);
    await page.user.click(button('Discard changes'));
    expect(asks()).toBe(false);
  });
});

describe('what is wrong with it', () => {
  const alert = () => screen.findByRole('alert');

  test('as YAML is told at its line, and no server is asked', async () => {
    await maps().create(configMap());
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    replace('data:\n', 'data: [\n');
    const before = side.requests.length;
    await page.user.click(button('Apply'));
    expect((await alert()).textContent).toMatch(/Line \d+.*Not valid YAML/);
    expect((await alert()).textContent).not.toContain('The server refuses this');
    expect(side.requests.slice(before).filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  test('to the server is told at its field and line, and gone when one types on', async () => {
    await side.objects<Deployment>(refs.deployments).create(deployment());
    const page = await tabOf('deployments.apps', 'web');
    await edit(page);
    replace('replicas: 1', 'replicas: -1');
    await page.user.click(button('Apply'));
    const complaint = await alert();
    const line = text().split('\n').indexOf('  replicas: -1') + 1;
    expect(complaint.textContent).toContain('The server refuses this');
    expect(within(complaint).getByRole('listitem').textContent).toBe(
      `Line ${line}spec.replicasInvalid value: -1: must be greater than or equal to 0`,
    );
    replace('replicas: -1', 'replicas: 2');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  test('because there is no such field is told with its name', async () => {
    await side.objects<Deployment>(refs.deployments).create(deployment());
    const page = await tabOf('deployments.apps', 'web');
    await edit(page);
    replace('  replicas: 1\n', '  replicas: 1\n  replica: 2\n');
    await page.user.click(button('Review changes'));
    expect((await alert()).textContent).toMatch(/Line \d+spec\.replicaunknown field "spec\.replica"/);
    expect(screen.queryByText(/What the server would change/)).toBeNull();
  });
});

describe('where somebody else changes the object meanwhile', () => {
  const begun = async () => {
    await maps().create(mapOf({ a: '1', b: '2' }));
    const page = await tabOf('configmaps', 'settings');
    await edit(page);
    return page;
  };
  const conflict = () => screen.findByText('Somebody has changed settings while you were editing');

  test('and both changes can stand, both are kept', async () => {
    const { user } = await begun();
    replace('a: "1"', 'a: mine');
    await maps().change('settings', { data: { b: 'theirs' } });
    await conflict();
    await user.click(button('Keep both'));
    await waitFor(() => expect(text()).toContain('b: theirs'));
    expect(text()).toContain('a: mine');
    await user.click(button('Apply'));
    await screen.findByText('settings applied');
    expect((await maps().get('settings')).data).toEqual({ a: 'mine', b: 'theirs' });
  });

  test('and both have changed the same, one of them is chosen: mine', async () => {
    const { user } = await begun();
    replace('a: "1"', 'a: mine');
    await maps().change('settings', { data: { a: 'theirs', b: 'theirs' } });
    await conflict();
    expect(screen.queryByRole('button', { name: 'Keep both' })).toBeNull();
    await user.click(button('Apply'));
    expect((await maps().get('settings')).data).toEqual({ a: 'theirs', b: 'theirs' });
    await user.click(button('Put mine over it'));
    await screen.findByText('settings applied');
    expect((await maps().get('settings')).data).toEqual({ a: 'mine', b: '2' });
  });

  test('or theirs', async () => {
    const { user } = await begun();
    replace('a: "1"', 'a: mine');
    await maps().change('settings', { data: { a: 'theirs' } });
    await conflict();
    await user.click(button('Take theirs'));
    await waitFor(() => expect(text()).toContain('a: theirs'));
    expect(button('Edit')).toBeTruthy();
  });

  test('in its status alone, that is no conflict and nothing is in the way', async () => {
    const webs = side.objects<Deployment>(refs.deployments);
    await webs.create(deployment());
    const page = await tabOf('deployments.apps', 'web');
    await edit(page);
    replace('replicas: 1', 'replicas: 2');
    const changed = await webs.change('web', { status: { replicas: 1, observedGeneration: 1 } }, 'status');
    await heardOf(changed.metadata.resourceVersion);
    expect(screen.queryByRole('alert')).toBeNull();
    await page.user.click(button('Apply'));
    await screen.findByText('web applied');
    expect(await webs.get('web')).toMatchObject({ spec: { replicas: 2 }, status: { observedGeneration: 1 } });
  });

  test('or deletes it, the text is kept and cannot be applied', async () => {
    const { user } = await begun();
    replace('a: "1"', 'a: mine');
    await maps().delete('settings');
    await heardOf('gone');
    await user.click(button('Apply'));
    expect((await screen.findByRole('alert')).textContent).toMatch(/"settings" not found/);
    expect(text()).toContain('a: mine');
  });
});

test('the text is saved as a file, as it is written at the moment', async () => {
  await maps().create(mapOf({ a: '1' }));
  const saved: { name: string; blob: Blob }[] = [];
  let blob = new Blob();
  URL.createObjectURL = (given: Blob) => {
    blob = given;
    return 'blob:x';
  };
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob });
  });
  const page = await tabOf('configmaps', 'settings');
  await edit(page);
  replace('a: "1"', 'a: mine');
  await page.user.click(button('Download'));
  vi.restoreAllMocks();
  expect(saved.map(({ name }) => name)).toEqual(['settings.yaml']);
  expect(saved[0]?.blob.size).toBe(new Blob([text()]).size);
});
