// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { Link } from './link.js';
import { loadPage } from './navigate.js';

const asked = vi.fn();
function door(answer: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked(path, init.cache);
    return answer();
  });
}
const open = () => new Response('ok');
const shut = () => Promise.reject(new TypeError('failed to fetch'));

beforeEach(() => {
  asked.mockClear();
  door(open);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const at = () => window.location.pathname + window.location.search;

describe('a link within the cluster', () => {
  test('changes the address, and asks no server for anything', async () => {
    const { user } = showPage(<Link href="/c/main/pods?ns=shop">Pods</Link>, { address: '/c/main' });
    const before = window.history.length;
    await user.click(screen.getByRole('link', { name: 'Pods' }));
    expect(at()).toBe('/c/main/pods?ns=shop');
    expect(window.history.length).toBe(before + 1);
    expect(asked).not.toHaveBeenCalled();
  });

  test('takes the place of this page on the way back where it is told to', async () => {
    const { user } = showPage(
      <Link href="/c/main/pods" replace>
        Pods
      </Link>,
    );
    const before = window.history.length;
    await user.click(screen.getByRole('link', { name: 'Pods' }));
    expect(at()).toBe('/c/main/pods');
    expect(window.history.length).toBe(before);
  });

  test.each([
    ['Ctrl', { ctrlKey: true }],
    ['Cmd', { metaKey: true }],
    ['Shift', { shiftKey: true }],
    ['Alt', { altKey: true }],
    ['the middle button', { button: 1 }],
  ])('is the browser’s with %s', (_, held) => {
    showPage(<Link href="/c/main/pods">Pods</Link>, { address: '/c/main' });
    expect(fireEvent.click(screen.getByRole('link'), held)).toBe(true);
    expect(at()).toBe('/c/main');
  });

  test('is followed by the keyboard', async () => {
    const { user } = showPage(<Link href="/c/main/pods">Pods</Link>, { address: '/c/main' });
    await user.tab();
    await user.keyboard('{Enter}');
    expect(at()).toBe('/c/main/pods');
  });

  test('is not followed where whoever has it forbids that', async () => {
    const { user } = showPage(
      <Link href="/c/main/pods" onClick={(event) => event.preventDefault()}>
        Pods
      </Link>,
      { address: '/c/main' },
    );
    await user.click(screen.getByRole('link'));
    expect(at()).toBe('/c/main');
  });
});

describe('a link that leaves the cluster', () => {
  test('looks first whether anything answers, and stays with a word where nothing does', async () => {
    door(shut);
    const { user } = showPage(<Link href="/c/lab/pods">Pods of lab</Link>, { address: '/c/main' });
    await user.click(screen.getByRole('link'));
    await screen.findByText(/The server cannot be reached, so that page cannot be opened now/);
    expect(asked).toHaveBeenCalledWith('/healthz/web', 'no-store');
    expect(at()).toBe('/c/main');
  });

  test.each([['/c/main'], ['/c/main/pods/default/web-1'], ['/c/main?x=1']])(
    'is not one that leads to %s from within main',
    async (href) => {
      const { user } = showPage(<Link href={href}>there</Link>, { address: '/c/main/nodes' });
      await user.click(screen.getByRole('link'));
      expect(at()).toBe(href);
      expect(asked).not.toHaveBeenCalled();
    },
  );
});

describe('what loads a page anew', () => {
  test('is done where the door answers', async () => {
    const load = vi.fn();
    expect(await loadPage(load)).toBe(true);
    await waitFor(() => expect(load).toHaveBeenCalledTimes(1));
  });

  test.each([
    ['nobody answers', shut],
    ['the door says no', () => new Response('', { status: 502 })],
  ])('is not done where %s', async (_, answer) => {
    door(answer);
    const load = vi.fn();
    expect(await loadPage(load)).toBe(false);
    expect(load).not.toHaveBeenCalled();
  });
});
