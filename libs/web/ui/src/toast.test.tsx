// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { accessibilityFindings } from './testing/index.js';
import { showToast, Toasts } from './toast.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  // What one test has said must not be heard in the next.
  act(() => void vi.runAllTimers());
  for (const button of screen.queryAllByRole('button', { name: 'Close' })) fireEvent.click(button);
  cleanup();
  vi.useRealTimers();
});

const said = () => screen.getAllByRole('paragraph').map(({ textContent }) => textContent);
const show = (...toasts: Parameters<typeof showToast>[0][]) => act(() => toasts.forEach(showToast));
const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
const draw = () => render(<Toasts closeLabel="Close" regionLabel="Notifications" />);

test('what was done is said for six seconds, in a region that is read aloud', () => {
  draw();
  show({ tone: 'ok', text: 'web scaled to 3' });
  const region = screen.getByRole('region', { name: 'Notifications' });
  expect(region.getAttribute('aria-live')).toBe('polite');
  expect(region.textContent).toBe('web scaled to 3');
  pass(5_999);
  expect(said()).toEqual(['web scaled to 3']);
  pass(1);
  expect(region.textContent).toBe('');
});

test('what can be undone stays twice as long, and is undone once', () => {
  const run = vi.fn();
  draw();
  show({ tone: 'ok', text: 'web scaled to 3', action: { label: 'Undo', run } });
  pass(11_999);
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(run).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
});

test('a failure stays until it is dismissed', () => {
  draw();
  show({ tone: 'error', text: 'Delete failed' });
  pass(3_600_000);
  expect(said()).toEqual(['Delete failed']);
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('paragraph')).toBeNull();
});

test('of many the last four are shown, the newest last', () => {
  draw();
  show(...['a', 'b', 'c', 'd', 'e'].map((text) => ({ tone: 'error' as const, text })));
  expect(said()).toEqual(['b', 'c', 'd', 'e']);
});

test('dismissing one leaves the others', () => {
  draw();
  show({ tone: 'error', text: 'a' }, { tone: 'error', text: 'b' });
  fireEvent.click(screen.getAllByRole('button', { name: 'Close' })[0] as HTMLElement);
  expect(said()).toEqual(['b']);
});

test('axe finds nothing to say of them', async () => {
  const { container } = draw();
  show({ tone: 'error', text: 'a', action: { label: 'Undo', run: () => undefined } });
  vi.useRealTimers();
  expect(await accessibilityFindings(container)).toEqual([]);
  vi.useFakeTimers();
});
