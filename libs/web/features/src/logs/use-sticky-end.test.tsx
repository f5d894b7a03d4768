// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { useStickyEnd } from './use-sticky-end.js';

/** How high what is within is; the box itself is 100 pixels high. */
let height = 500;
let top = 0;

beforeEach(() => {
  [height, top] = [500, 0];
  const give = (name: string, get: () => number, set?: (value: number) => void) =>
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get, ...(set && { set }) });
  give('scrollHeight', () => height);
  give('clientHeight', () => 100);
  give(
    'scrollTop',
    () => top,
    (value) => (top = Math.max(0, Math.min(value, height - 100))),
  );
});
afterEach(cleanup);

function Box({ lines }: { lines: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd, leaveEnd, onScroll } = useStickyEnd(box);
  return (
    <>
      <div ref={box} data-testid="box" onScroll={onScroll}>
        {lines}
      </div>
      <button type="button" onClick={toEnd}>
        to the end
      </button>
      <button type="button" onClick={leaveEnd}>
        leave
      </button>
      <p>{atEnd ? 'held' : 'free'}</p>
    </>
  );
}
let lines = 1;
function drawn() {
  const { rerender } = render(<Box lines={lines} />);
  return {
    /** So much is added. */
    grows: (by: number) => {
      height += by;
      lines += 1;
      rerender(<Box lines={lines} />);
    },
  };
}
const scrolls = (to: number) => {
  top = to;
  fireEvent.scroll(screen.getByTestId('box'));
};
const state = () => screen.getByText(/held|free/).textContent;

test('what grows is held at its end', () => {
  const { grows } = drawn();
  expect(top).toBe(400);
  grows(300);
  expect([top, state()]).toEqual([700, 'held']);
});

test('who scrolls up is left there', () => {
  const { grows } = drawn();
  scrolls(100);
  grows(300);
  expect([top, state()]).toEqual([100, 'free']);
});

test('who comes back to the end is held there again', () => {
  const { grows } = drawn();
  scrolls(100);
  grows(300);
  scrolls(665);
  expect(state()).toBe('held');
  grows(100);
  expect(top).toBe(800);
});

test('a little way from the end is still the end', () => {
  const { grows } = drawn();
  scrolls(365);
  grows(3);
  expect([top, state()]).toEqual([403, 'held']);
});

test('an end that moves away because lines are higher than was thought is followed', () => {
  const { grows } = drawn();
  height += 500;
  grows(0);
  expect([top, state()]).toEqual([900, 'held']);
});

test('one goes to the end by a button, and leaves it by another', () => {
  const { grows } = drawn();
  act(() => screen.getByRole('button', { name: 'leave' }).click());
  grows(300);
  expect([top, state()]).toEqual([400, 'free']);
  act(() => screen.getByRole('button', { name: 'to the end' }).click());
  expect([top, state()]).toEqual([700, 'held']);
});
