// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { LateBoundary, lateComponent, loadLate } from './late.js';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function Said({ text }: { text: string }) {
  return <p>{text}</p>;
}

describe('a part that comes late', () => {
  test('is fetched when it is first needed, and shown when it is there', async () => {
    const load = vi.fn(async () => Said);
    const Late = lateComponent(load);
    expect(load).not.toHaveBeenCalled();
    showPage(
      <Suspense fallback="waiting">
        <Late text="here" />
      </Suspense>,
    );
    expect(screen.getByText('waiting')).toBeTruthy();
    expect(await screen.findByText('here')).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('is fetched ahead when the page has nothing else to do, once, and a failure is nobody’s business', () => {
    const [good, bad] = [vi.fn(async () => Said), vi.fn(() => Promise.reject(new Error('no network')))];
    lateComponent(good);
    lateComponent(bad);
    loadLate();
    loadLate();
    expect([good.mock.calls.length, bad.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('where a part cannot be fetched', () => {
  const failing = (error: Error) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    function Broken(): never {
      throw error;
    }
    return (
      <>
        <h1>The page</h1>
        <LateBoundary>
          <Broken />
        </LateBoundary>
      </>
    );
  };

  test.each([
    ['as bundlers say it', Object.assign(new Error('failed'), { name: 'ChunkLoadError' })],
    ['as browsers say it', new TypeError('Failed to fetch dynamically imported module: /x.js')],
    ['as others say it', new Error('Loading chunk 7 failed')],
  ])('that is said in its place and not in that of the page (%s)', (_, error) => {
    showPage(failing(error));
    expect(screen.getByRole('heading', { name: 'The page' })).toBeTruthy();
    expect(screen.getByText(/This part of the dashboard is not loaded yet/)).toBeTruthy();
  });

  test('trying again looks first whether anything answers', async () => {
    const fetched = vi.fn(() => Promise.reject(new TypeError('no')));
    vi.stubGlobal('fetch', fetched);
    const { user } = showPage(failing(new Error('Loading chunk 7 failed')));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(fetched).toHaveBeenCalledWith('/healthz/web', { cache: 'no-store' });
    vi.unstubAllGlobals();
  });

  test('any other fault is none of the network’s, and is not hidden', () => {
    expect(() => showPage(failing(new Error('a fault of ours')))).toThrow('a fault of ours');
  });
});
