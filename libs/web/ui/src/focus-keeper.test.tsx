// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react';
import { type ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useFocusKeeper } from './focus-keeper.js';
import { layOut } from './testing/index.js';

beforeEach(() => layOut());
afterEach(cleanup);

function Kept({ children }: { children: ReactNode }) {
  useFocusKeeper();
  return (
    <main tabIndex={-1} aria-label="Content">
      {children}
    </main>
  );
}
/** A page that becomes another one. */
function page(before: ReactNode) {
  const { rerender } = render(<Kept>{before}</Kept>);
  return { becomes: (after: ReactNode) => rerender(<Kept>{after}</Kept>) };
}
const focus = (name: string) => act(() => screen.getByRole('button', { name }).focus());
const focused = () => document.activeElement?.textContent;
const eventually = (name: string) => vi.waitFor(() => expect(focused()).toBe(name));

const rows = (...names: string[]) => (
  <div role="table" aria-label="Pods">
    {names.map((name, index) => (
      <div role="row" key={name} data-row={index}>
        <button type="button" data-row-link="">
          {name}
        </button>
      </div>
    ))}
  </div>
);

test('of rows the one that takes the place of the one that is gone has the focus', async () => {
  const { becomes } = page(rows('a', 'b', 'c'));
  focus('b');
  becomes(rows('a', 'c'));
  await eventually('c');
});

test('of the last row the one before it has the focus', async () => {
  const { becomes } = page(rows('a', 'b', 'c'));
  focus('c');
  becomes(rows('a', 'b'));
  await eventually('b');
});

test('where no row is left, the table has it', async () => {
  const { becomes } = page(rows('a'));
  act(() => screen.getByRole('table').setAttribute('tabindex', '0'));
  focus('a');
  becomes(rows());
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('table')));
});

test('next to a button that is gone another one has the focus, and not just any on the page', async () => {
  const bar = (...names: string[]) => (
    <>
      <button type="button">first on the page</button>
      <div>
        {names.map((name) => (
          <button type="button" key={name}>
            {name}
          </button>
        ))}
      </div>
    </>
  );
  const { becomes } = page(bar('Cordon', 'Delete'));
  focus('Cordon');
  becomes(bar('Delete'));
  await eventually('Delete');
});

test('what was pressed to open something has the focus when that is gone', async () => {
  const { becomes } = page(<button type="button">Open</button>);
  focus('Open');
  // As Radix does, beside the page.
  const beside = document.body.appendChild(document.createElement('div'));
  beside.innerHTML = '<button type="button">Within</button>';
  focus('Within');
  act(() => beside.remove());
  await eventually('Open');
  becomes(<button type="button">Open</button>);
});

test('where nothing is left that had it, the content of the page has it', async () => {
  const { becomes } = page(<button type="button">Gone</button>);
  focus('Gone');
  becomes(<p>nothing</p>);
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
});

test('what is disabled or not drawn does not get it', async () => {
  const hidden = { display: 'none' };
  const group = (withFirst: boolean) => (
    <div>
      {withFirst && <button type="button">Gone</button>}
      <button type="button" disabled>
        Off
      </button>
      <button type="button" style={hidden} data-hidden="">
        Hidden
      </button>
      <button type="button">On</button>
    </div>
  );
  Element.prototype.getClientRects = function (this: Element) {
    const drawn = this.isConnected && !this.hasAttribute('data-hidden');
    return (drawn ? [{}] : []) as unknown as DOMRectList;
  };
  const { becomes } = page(group(true));
  focus('Gone');
  becomes(group(false));
  await eventually('On');
});

test('an open dialog keeps the focus to itself', async () => {
  const dialog = document.body.appendChild(document.createElement('div'));
  dialog.setAttribute('role', 'dialog');
  dialog.setAttribute('data-state', 'open');
  const { becomes } = page(
    <button type="button" key="gone">
      Gone
    </button>,
  );
  focus('Gone');
  becomes(
    <button type="button" key="other">
      Other
    </button>,
  );
  await new Promise((resolve) => setTimeout(resolve));
  expect(document.activeElement).toBe(document.body);
  dialog.remove();
});

test('who has the focus keeps it, whatever else leaves the page', async () => {
  const both = (second: string) => (
    <>
      <button type="button">Mine</button>
      <button type="button" key={second}>
        {second}
      </button>
    </>
  );
  const { becomes } = page(both('one'));
  focus('Mine');
  becomes(both('two'));
  await new Promise((resolve) => setTimeout(resolve));
  expect(focused()).toBe('Mine');
});
