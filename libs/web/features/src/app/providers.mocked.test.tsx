// @vitest-environment jsdom
import { showToast } from '@binnacle/web-ui';
import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { useTranslations } from 'next-intl';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { writeLocale } from './preferences.js';
import { Providers } from './providers.js';

vi.mock('socket.io-client', () => ({ io: vi.fn() }));

const register = vi.fn((_: string) => Promise.resolve());
beforeEach(() => {
  register.mockClear();
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: { register } });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function Word() {
  return <p>{useTranslations('nav')('overview')}</p>;
}

describe('every page', () => {
  test.each([
    ['en', 'Overview', 'Notifications'],
    ['zh-CN', '概览', '通知'],
  ] as const)('speaks one language (%s), notices too', (locale, word, region) => {
    render(
      <Providers locale={locale}>
        <Word />
      </Providers>,
    );
    expect(screen.getByText(word)).toBeTruthy();
    expect(screen.getByRole('region', { name: region })).toBeTruthy();
  });

  test('shows what is said anywhere', () => {
    render(<Providers locale="en">page</Providers>);
    act(() => showToast({ tone: 'error', text: 'it failed' }));
    expect(screen.getByRole('region', { name: 'Notifications' }).textContent).toBe('it failed');
  });

  test('keeps a page at hand for when nobody answers, and is well where the browser lets it keep none', async () => {
    register.mockImplementationOnce(() => Promise.reject(new Error('insecure')));
    render(<Providers locale="en">page</Providers>);
    expect(register).toHaveBeenCalledWith('/offline-worker.js');
    cleanup();
    Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: undefined });
    render(<Providers locale="en">page</Providers>);
    expect(screen.getByText('page')).toBeTruthy();
  });

  test('gives the focus a place when what had it goes', async () => {
    const page = (on: boolean) => (
      <Providers locale="en">
        <main tabIndex={-1}>{on && <button type="button">gone</button>}</main>
      </Providers>
    );
    Element.prototype.getClientRects = () => [{}] as unknown as DOMRectList;
    const { rerender } = render(page(true));
    act(() => screen.getByRole('button', { name: 'gone' }).focus());
    rerender(page(false));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });
});

test('a language that is chosen is remembered for a year, and the page loaded in it where anything answers', async () => {
  const asked = vi.fn(async (_: string) => new Response('', { status: 502 }));
  vi.stubGlobal('fetch', asked);
  const written: string[] = [];
  vi.spyOn(document, 'cookie', 'set').mockImplementation((text) => void written.push(text));
  writeLocale('zh-CN');
  expect(written).toEqual([`binnacle_locale=zh-CN; Path=/; Max-Age=${365 * 24 * 3_600}; SameSite=Lax`]);
  await waitFor(() => expect(asked).toHaveBeenCalledWith('/healthz/web', { cache: 'no-store' }));
  vi.restoreAllMocks();
});
