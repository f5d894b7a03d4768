// @vitest-environment jsdom
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ConfigMap, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { configMap, serviceAccount } from '@binnacle/testing-fixtures';
import { PageSide } from '@binnacle/testing-loops/page-side';
import { LiveClient } from '@binnacle/web-data';
import { layOut } from '@binnacle/web-ui/testing';
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clock, pageFrame } from '../testing/page.js';
import { drafts } from '../yaml/drafts.js';
import { ClusterFrame } from './cluster-frame.js';

let side: PageSide;
/** What is answered in place of the server: of sessions, which only a server with a database has. */
let session: () => Response | Promise<Response>;
let reachable: boolean;
beforeEach(async () => {
  layOut({ height: 4_000 });
  localStorage.clear();
  side = await PageSide.start();
  session = () => Response.json({ user: 'alice', groups: ['binnacle:editors'] });
  reachable = true;
  const ask = side.fetch();
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (!reachable) throw new TypeError('failed to fetch');
    return path === '/auth/session' ? session() : ask(path, init);
  });
});
afterEach(() => {
  cleanup();
  drafts.forgetAll();
  side.end();
  vi.unstubAllGlobals();
});

function frame(address: string) {
  window.history.replaceState(null, '', address);
  const cluster = decodeURIComponent(address.split('/')[2] ?? '');
  const live = new LiveClient(side.line(), clock, () => undefined);
  render(pageFrame(live, 'en', <ClusterFrame cluster={cluster} />));
  return userEvent.setup();
}
const heading = (name: string) => screen.findByRole('heading', { level: 1, name }, { timeout: 5_000 });

describe('a cluster', () => {
  test('is shown to who is signed in, with the kinds it serves', async () => {
    frame('/c/main/kinds');
    await heading('All kinds');
    const links = [...document.querySelectorAll('main a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(
      expect.arrayContaining(['/c/main/pods', '/c/main/deployments.apps', '/c/main/leases.coordination.k8s.io']),
    );
  });

  test('of a kind without columns of ours shows what the server prints', async () => {
    await side.objects<ServiceAccount>(refs.serviceaccounts).create(serviceAccount());
    frame('/c/main/serviceaccounts');
    await heading('ServiceAccounts');
    await waitFor(() => {
      const heads = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
      expect(heads).toEqual(['', 'Name', 'Namespace', 'Age', 'Actions']);
    });
  });

  test('shows an object from the list on, as the server has it', async () => {
    await side.objects<ConfigMap>(refs.configmaps).create(configMap({ data: { greeting: 'hello' } }));
    const user = frame('/c/main/configmaps');
    await user.click(await screen.findByRole('link', { name: 'settings' }));
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('ConfigMap settings'));
    // Its values are not sent with a list; its page has them.
    expect(await screen.findByText('hello')).toBeTruthy();
  });

  test('that is not there is told not to be', async () => {
    frame('/c/nowhere/pods');
    await heading('There is no cluster “nowhere”');
    expect(screen.getByRole('link', { name: 'Go to the cluster main' }).getAttribute('href')).toBe('/c/main');
  });
});

describe('a server that is away', () => {
  test('is waited for, told so, and gone on with by itself', async () => {
    reachable = false;
    frame('/c/main/kinds');
    expect(await screen.findByText('Waiting for the API server', undefined, { timeout: 5_000 })).toBeTruthy();
    expect(screen.getByText(/This page goes on by itself as soon as it answers/)).toBeTruthy();
    reachable = true;
    await heading('All kinds');
  });
});

describe('who is not signed in', () => {
  /** Whether there is anything to load the page from on which one signs in. */
  let door: Response;
  beforeEach(() => {
    door = new Response('ok');
    session = () =>
      Response.json({ kind: 'Status', code: 401, reason: 'Unauthorized', message: 'no' }, { status: 401 });
    const before = globalThis.fetch;
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) =>
      path === '/healthz/web' ? Promise.resolve(door) : before(path, init),
    );
  });

  test('is led to sign in, and back to this page, and sees nothing of it', async () => {
    frame('/c/main/pods?ns=shop');
    await waitFor(() => expect(drafts.returning).toBe(true));
    expect(screen.queryByRole('heading', { level: 1 })).toBeNull();
  });

  test('stays where there is nothing to load a page from, and is asked before what is written is closed', async () => {
    const read = vi.fn(() => false);
    door = {
      get ok() {
        return read();
      },
    } as Response;
    frame('/c/main/pods?ns=shop');
    await waitFor(() => expect(read).toHaveBeenCalled());
    await act(async () => undefined);
    expect(drafts.returning).toBe(false);
  });
});
