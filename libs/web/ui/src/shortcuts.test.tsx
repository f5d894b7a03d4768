// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Shortcuts, strokeOf, useShortcuts } from './shortcuts.js';

const key = (name: string, held: object = {}) => ({
  key: name,
  metaKey: false,
  ctrlKey: false,
  altKey: false,
  ...held,
});

test.each([
  [key('j'), 'j'],
  [key('?'), '?'],
  [key('ArrowDown'), 'arrowdown'],
  [key('K', { ctrlKey: true }), 'mod+k'],
  [key('k', { metaKey: true }), 'mod+k'],
  [key('x', { altKey: true }), 'alt+x'],
])('%j is %s', (event, stroke) => {
  expect(strokeOf(event)).toBe(stroke);
});

describe('strokes', () => {
  const ran: string[] = [];
  const noting = (...strokes: string[]): Shortcuts =>
    Object.fromEntries(strokes.map((stroke) => [stroke, () => void ran.push(stroke)]));
  beforeEach(() => (ran.length = 0));
  afterEach(cleanup);

  function Keys({ strokes, around }: { strokes: readonly string[]; around?: React.ReactNode }) {
    useShortcuts(noting(...strokes));
    return <>{around}</>;
  }
  const listening = (strokes: readonly string[], around?: React.ReactNode) => ({
    user: userEvent.setup(),
    ...render(<Keys strokes={strokes} around={around} />),
  });

  test('do what they are bound to, for as long as what binds them is shown', async () => {
    const { user, unmount } = listening(['j', 'mod+k', '?']);
    await user.keyboard('j?{Control>}k{/Control}x');
    expect(ran).toEqual(['j', '?', 'mod+k']);
    unmount();
    await user.keyboard('j');
    expect(ran).toHaveLength(3);
  });

  test('do what they are bound to now, not what they were bound to first', async () => {
    const { user, rerender } = listening(['j']);
    rerender(<Keys strokes={['k']} />);
    await user.keyboard('jk');
    expect(ran).toEqual(['k']);
  });

  test.each([
    ['gp', ['g p']],
    ['p', ['p']],
    ['gx', []],
    ['gxp', ['p']],
    ['ggp', ['g p']],
    ['pgp', ['p', 'g p']],
  ])('%j is read as %j: after a first stroke the second means something else', async (typed, meant) => {
    const { user } = listening(['g p', 'p']);
    await user.keyboard(typed);
    expect(ran).toEqual(meant);
  });

  test('a first stroke is forgotten when the second does not come', () => {
    listening(['g p', 'p']);
    const at = (name: string, timeStamp: number) => {
      const event = new KeyboardEvent('keydown', { key: name, bubbles: true });
      Object.defineProperty(event, 'timeStamp', { value: timeStamp });
      document.body.dispatchEvent(event);
    };
    at('g', 1_000);
    at('p', 2_199);
    at('g', 3_000);
    at('p', 4_200);
    expect(ran).toEqual(['g p', 'p']);
  });

  test.each([
    ['a field', <input key="a" aria-label="x" />],
    ['a text', <textarea key="a" aria-label="x" />],
    ['a choice', <select key="a" aria-label="x" />],
    ['what is a field by its role', <div key="a" role="textbox" tabIndex={0} aria-label="x" />],
  ])('of letters rest while somebody is in %s; those with Ctrl do not', async (_, field) => {
    const { user } = listening(['j', 'mod+k'], field);
    screen.getByLabelText('x').focus();
    await user.keyboard('j{Control>}k{/Control}');
    expect(ran).toEqual(['mod+k']);
  });

  test.each([
    ['dialog', <div key="a" role="dialog" data-state="open" />],
    ['menu', <div key="a" role="menu" data-state="open" />],
  ])('of letters rest while a %s is open', async (_, cover) => {
    const { user, rerender } = listening(['j', 'mod+k'], cover);
    await user.keyboard('j{Control>}k{/Control}');
    rerender(<Keys strokes={['j', 'mod+k']} />);
    await user.keyboard('j');
    expect(ran).toEqual(['mod+k', 'j']);
  });

  test('that somebody has answered already are left alone, and others are not left to the browser', () => {
    listening(['j']);
    const press = (prevented: boolean) => {
      const event = new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true });
      if (prevented) event.preventDefault();
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    };
    press(true);
    expect(ran).toEqual([]);
    expect(press(false)).toBe(true);
    expect(ran).toEqual(['j']);
  });

  test('of which letters are made are not taken for letters', () => {
    listening(['j']);
    const event = new KeyboardEvent('keydown', { key: 'j', bubbles: true, isComposing: true });
    document.body.dispatchEvent(event);
    expect(ran).toEqual([]);
  });
});
