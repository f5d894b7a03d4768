// @vitest-environment jsdom
import type { Certainty, Knowledge, LiveTransport } from '@binnacle/web-data';
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCALES } from '../messages/index.js';
import { silentLine } from '../testing/render.js';
import { showPage } from '../testing/page.js';
import { Answer, countOf, LivePanel } from './answer.js';
import { AsOf } from './as-of.js';
import { StillLoading } from './still-loading.js';

const AS_OF = Date.UTC(2026, 0, 1, 10, 20, 30);
const known = (certainty: Certainty, error?: Knowledge['error']): Knowledge => ({
  certainty,
  asOf: AS_OF,
  ...(error && { error }),
});
const refused = (code: number, message: string) => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, code, message });

afterEach(cleanup);

/** Times have blanks of their own before AM and PM. */
const wordsOf = (element: Element): string => (element.textContent ?? '').replaceAll(/\s/g, ' ');

/** What is said of a list that has none, or two things, in it. */
function said(knowledge: Knowledge, isEmpty: boolean): string {
  const none = { title: 'No Pods', hint: 'They come when they are made.' };
  const { container, unmount } = showPage(
    <Answer knowledge={knowledge} isEmpty={isEmpty} none={none}>
      <p>two Pods</p>
    </Answer>,
  );
  const text = wordsOf(container);
  unmount();
  return text;
}

describe('what a list says', () => {
  test.each<[string, Knowledge, string, string]>([
    ['is all there is, now', known('current'), 'No PodsThey come when they are made.', 'two Pods'],
    ['was so when the line was lost', known('stale'), 'No Pods, as of 10:20:30 AM', 'two Pods'],
    ['was so when the reader paused', known('held'), 'No Pods, as of 10:20:30 AM', 'two Pods'],
    [
      'is not all there is',
      known('partial', refused(403, 'not the secrets')),
      'None among what you may seenot the secrets',
      'two Pods',
    ],
    [
      'may not be seen',
      known('refused', refused(403, 'User "ann" cannot list pods')),
      'You may not see thisThe server says: User "ann" cannot list pods',
      'You may not see thisThe server says: User "ann" cannot list pods',
    ],
    [
      'cannot be had',
      known('refused', refused(500, 'etcd is away')),
      'This could not be loadedetcd is away',
      'This could not be loadedetcd is away',
    ],
    [
      'is of nothing there is',
      known('absent'),
      'This cluster has nothing of this kind',
      'This cluster has nothing of this kind',
    ],
  ])('%s', (_, knowledge, none, some) => {
    expect([said(knowledge, true), said(knowledge, false)]).toEqual([none, some]);
  });

  test('that is still to come is neither none nor some', () => {
    showPage(
      <Answer knowledge={known('loading')} isEmpty none={{ title: 'No Pods' }}>
        <p>two Pods</p>
      </Answer>,
    );
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
    expect(screen.queryByText(/Pods/)).toBeNull();
  });
});

describe('a number', () => {
  test.each<[Certainty, string | undefined]>([
    ['current', '7'],
    ['stale', '7'],
    ['held', '7'],
    ['partial', '≥ 7'],
    ['loading', undefined],
    ['refused', undefined],
    ['absent', undefined],
  ])('that is %s is told as %s', (certainty, text) => {
    expect(countOf(known(certainty), 7)).toBe(text);
  });
});

describe('a panel', () => {
  const panel = (certainty: Certainty, count: number) =>
    showPage(
      <LivePanel
        title="Pods"
        knowledge={known(certainty)}
        count={count}
        none={{ title: 'No Pods' }}
        actions={<a href="/c/main/pods">All</a>}
      >
        <p>rows</p>
      </LivePanel>,
    ).container;

  test('stands with its number, its contents and its reservation on one knowledge', () => {
    expect(wordsOf(panel('current', 2))).toBe('Pods2Allrows');
    cleanup();
    expect(wordsOf(panel('stale', 2))).toBe('Pods2As of 10:20:30 AMAllrows');
    cleanup();
    expect(wordsOf(panel('partial', 2))).toBe('Pods≥ 2Not all of it may be seenAllrows');
    cleanup();
    expect(wordsOf(panel('current', 0))).toBe('Pods0AllNo Pods');
  });
});

describe('a reservation', () => {
  test.each(LOCALES)('is made only where there is one to make (%s)', (locale) => {
    const { container } = showPage(
      <>
        {(['current', 'loading', 'refused', 'absent'] as const).map((certainty) => (
          <AsOf key={certainty} knowledge={known(certainty)} />
        ))}
      </>,
      { locale },
    );
    expect(container.textContent).toBe('');
    cleanup();
    const { container: stale } = showPage(<AsOf knowledge={known('stale')} />, { locale });
    expect(stale.textContent).toContain('10:20:30');
  });

  test('says why where somebody knows', () => {
    showPage(<AsOf knowledge={known('partial', refused(403, 'not the secrets'))} />);
    expect(screen.getByTitle('not the secrets').textContent).toBe('Not all of it may be seen');
  });
});

describe('what does not come', () => {
  beforeEach(() => void vi.useFakeTimers({ now: AS_OF }));
  afterEach(() => vi.useRealTimers());
  const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));
  const nobody: LiveTransport = { ...silentLine, reopen: vi.fn() };

  test('is waited for in silence, then told, and tried for at once when somebody asks', () => {
    showPage(<StillLoading />, { line: nobody });
    pass(5_000);
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
    pass(2_000);
    expect(screen.getByText('No live connection to the server')).toBeTruthy();
    screen.getByRole('button', { name: 'Try again now' }).click();
    expect(nobody.reopen).toHaveBeenCalledTimes(1);
  });

  test('in a small place is told in few words', () => {
    showPage(<StillLoading rows={2} />, { line: nobody });
    pass(7_000);
    expect(screen.getByText('No live connection to the server')).toBeTruthy();
    expect(screen.queryByText(/filled over a live connection/)).toBeNull();
  });

  test('comes, and is not told of any more, when the line is there', () => {
    const { live } = showPage(<StillLoading />, { line: nobody });
    pass(7_000);
    act(() => live.connected());
    expect(screen.queryByText('No live connection to the server')).toBeNull();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });
});
