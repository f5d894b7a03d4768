// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { useOfferActions, usePageActions } from './page-actions.js';

afterEach(cleanup);

const action = (id: string, run: () => void = () => undefined) => ({ id, label: id, icon: null, run });
const offer = (subject: string, ...actions: ReturnType<typeof action>[]) =>
  renderHook(({ page }) => useOfferActions(page), { initialProps: { page: { subject, actions } } });
const offered = () => renderHook(() => usePageActions()).result;
const idsOf = ({ current }: ReturnType<typeof offered>) => [current.subject, ...current.actions.map(({ id }) => id)];

test('what a page can do is there while the page is', () => {
  const seen = offered();
  expect(idsOf(seen)).toEqual(['']);
  const { unmount } = offer('Pod web-1', action('logs'), action('delete'));
  expect(idsOf(seen)).toEqual(['Pod web-1', 'logs', 'delete']);
  unmount();
  expect(idsOf(seen)).toEqual(['']);
});

test('how it is done is looked up when it is done, and nothing is drawn for that', () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const { rerender } = offer('Pod web-1', action('logs', first));
  const seen = offered();
  const before = seen.current;
  rerender({ page: { subject: 'Pod web-1', actions: [action('logs', second)] } });
  expect(seen.current).toBe(before);
  seen.current.actions[0]?.run();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
});

test('another object, or something else to do to it, is told', () => {
  const { rerender } = offer('Node a', action('cordon'));
  const seen = offered();
  act(() => rerender({ page: { subject: 'Node a', actions: [action('uncordon')] } }));
  expect(idsOf(seen)).toEqual(['Node a', 'uncordon']);
  act(() => rerender({ page: { subject: 'Node b', actions: [action('uncordon')] } }));
  expect(idsOf(seen)).toEqual(['Node b', 'uncordon']);
});
