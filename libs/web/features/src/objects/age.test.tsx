// @vitest-environment jsdom
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showPage } from '../testing/page.js';
import { Age } from './age.js';

const NOW = Date.UTC(2026, 0, 1, 12);
beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();
const said = () => document.querySelector('time')?.textContent;

test.each([
  [45, '45s'],
  [200, '3m20s'],
  [5 * 3_600 + 120, '5h2m'],
  [12 * 86_400, '12d'],
  [9 * 365 * 86_400, '9y'],
  // A clock that goes ahead a little is no news.
  [-4, '0s'],
  [-60, 'in the future'],
])('what was %i seconds ago is %s old', (seconds, text) => {
  showPage(<Age time={ago(seconds)} />);
  expect(said()).toBe(text);
});

test('an age grows by itself, for as long as somebody looks', () => {
  const { unmount } = showPage(<Age time={ago(45)} />);
  act(() => void vi.advanceTimersByTime(2_000));
  expect(said()).toBe('47s');
  const running = vi.getTimerCount();
  unmount();
  expect(vi.getTimerCount()).toBeLessThan(running);
});

test('all ages on a page tick together, by one clock', () => {
  showPage(
    <>
      <Age time={ago(45)} />
      <Age time={ago(46)} />
    </>,
  );
  const timers = vi.getTimerCount();
  act(() => void vi.advanceTimersByTime(1_000));
  expect(screen.getAllByText(/s$/).map(({ textContent }) => textContent)).toEqual(['46s', '47s']);
  expect(vi.getTimerCount()).toBe(timers);
});

test('the whole time is told on pointing, in the reader’s language', () => {
  showPage(<Age time="2026-01-01T11:59:15Z" />, { locale: 'zh-CN' });
  const time = document.querySelector('time');
  expect(time?.dateTime).toBe('2026-01-01T11:59:15Z');
  expect(time?.title).toContain('2026年1月1日');
});

test.each([[undefined], ['never']])('%j is no time, and told by a dash', (time) => {
  const { container } = showPage(<Age time={time} />);
  expect(container.textContent).toBe('–');
});
