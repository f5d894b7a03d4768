// @vitest-environment jsdom
import type { ConfigMap } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { configMap } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import { LiveClient } from '@binnacle/web-data';
import { layOut } from '@binnacle/web-ui/testing';
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clock, pageFrame } from '../testing/page.js';
import { ClusterFrame } from './cluster-frame.js';

let side: PageSide;
beforeEach(async () => {
  layOut();
  side = await PageSide.start();
  const ask = side.fetch();
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) =>
    path === '/auth/session' ? Response.json({ user: 'alice', groups: [] }) : ask(path, init),
  );
});
afterEach(() => {
  cleanup();
  side.end();
  vi.unstubAllGlobals();
});

function frame(cluster: string, page: string) {
  window.history.replaceState(null, '', `/c/${encodeURIComponent(cluster)}/${page}`);
  const live = new LiveClient(side.line(), clock, () => undefined);
  render(pageFrame(live, 'en', <ClusterFrame cluster={cluster} />));
  return userEvent.setup();
}
const maps = () => side.objects<ConfigMap>(refs.configmaps);

describe('a cluster as it was', () => {
  test('is shown as it was, says so, and leads back', async () => {
    const before = await maps().create(configMap({ data: { key: 'then' } }));
    await maps().change('settings', { data: { key: 'now' } });
    const revision = before.metadata.resourceVersion ?? '';
    frame(`main@${revision}`, 'configmaps/default/settings');
    expect(await screen.findByText('then')).toBeTruthy();
    expect(screen.queryByText('now')).toBeNull();
    expect(screen.getByText(`main as it was at revision ${revision}.`)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'To the present' }).getAttribute('href')).toBe('/c/main');
  });

  test('offers nothing that would change it', async () => {
    const before = await maps().create(configMap());
    await maps().delete('settings');
    const user = frame(`main@${before.metadata.resourceVersion}`, 'configmaps');
    await user.click(await screen.findByRole('button', { name: 'Actions for settings' }));
    expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual(['YAML', 'Copy name']);
  });

  test('cannot be edited, which its YAML says', async () => {
    const before = await maps().create(configMap());
    const user = frame(`main@${before.metadata.resourceVersion}`, 'configmaps/default/settings?tab=yaml');
    const edit = await screen.findByRole('button', { name: 'Edit' });
    await user.click(edit);
    expect(edit.getAttribute('aria-disabled')).toBe('true');
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull();
  });

  test('at a moment nothing is kept of is told for what it is', async () => {
    frame('main@999999999', 'configmaps');
    await screen.findByText('This could not be loaded');
    expect(screen.queryByText(/No ConfigMaps/)).toBeNull();
  });
});
