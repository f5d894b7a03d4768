// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accessibilityFindings, layOut, resizeTo } from '../testing/index.js';
import type { Column } from './columns.js';
import { DataTable, type DataTableProps } from './data-table.js';

interface Row {
  readonly id: string;
  readonly version?: string;
}

const ROW_PIXELS = 36;
const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Name',
    track: '1fr',
    cell: ({ id }) => (
      <a href={`/pods/${id}`} data-row-link="" onClick={(event) => event.preventDefault()}>
        {id}
      </a>
    ),
  },
  { id: 'version', title: 'Version', track: '5rem', align: 'end', cell: ({ version }) => version ?? '' },
  {
    id: 'note',
    title: 'Note',
    track: '5rem',
    sortable: false,
    from: 800,
    cell: () => <button type="button">more</button>,
  },
];
const labels = {
  table: 'Pods',
  selectRow: 'Select',
  selectAll: 'Select all rows',
  actions: 'Actions',
  held: (added: number, gone: number) => `${added} new, ${gone} gone`,
};
const rowsOf = (...ids: string[]): Row[] => ids.map((id) => ({ id, version: '1' }));
const many = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ id: `pod-${index}` }));
const keyOf = ({ id }: Row) => id;

beforeEach(() => {
  layOut({ width: 1_000, height: 20 * ROW_PIXELS });
  window.history.replaceState(null, '');
});
afterEach(cleanup);

type Props = Partial<DataTableProps<Row>>;
const table = (props: Props) => (
  <DataTable
    fill
    rows={[]}
    columns={columns}
    keyOf={keyOf}
    versionOf={({ version = '' }) => version}
    labels={labels}
    {...props}
  />
);
const draw = (props: Props) => {
  const { rerender, ...rest } = render(table(props));
  return { ...rest, user: userEvent.setup(), becomes: (next: Props) => rerender(table({ ...props, ...next })) };
};
const grid = () => screen.getByRole('table', { name: 'Pods' });
const bodyRows = () => screen.getAllByRole('row').slice(1);
const names = () => bodyRows().map((row) => within(row).getByRole('link').textContent);
const rowOf = (name: string) => screen.getByRole('link', { name }).closest<HTMLElement>('[role="row"]') as HTMLElement;
const focusedName = () => document.activeElement?.textContent;

describe('ten thousand rows', () => {
  test('are counted, and drawn only where they are seen', () => {
    draw({ rows: many(10_000) });
    expect(grid().getAttribute('aria-rowcount')).toBe('10001');
    expect(bodyRows().length).toBeGreaterThanOrEqual(20);
    expect(bodyRows().length).toBeLessThan(60);
    expect(names()[0]).toBe('pod-0');
  });

  test('are scrolled through, and each says which one it is', () => {
    draw({ rows: many(10_000) });
    act(() => grid().scrollTo({ top: 5_000 * ROW_PIXELS }));
    expect(names()).toContain('pod-5000');
    expect(names()).not.toContain('pod-0');
    expect(rowOf('pod-5000').getAttribute('aria-rowindex')).toBe('5002');
    expect(rowOf('pod-5000').style.transform).toBe(`translateY(${5_000 * ROW_PIXELS}px)`);
  });

  test('are all chosen by one press, and all let go by another', async () => {
    const onSelect = vi.fn();
    const { user, becomes } = draw({ rows: many(10_000), onSelect });
    await user.click(screen.getByRole('checkbox', { name: 'Select all rows' }));
    const [[chosen]] = onSelect.mock.calls as [[ReadonlySet<string>]];
    expect(chosen.size).toBe(10_000);
    becomes({ selected: chosen });
    await user.click(screen.getByRole('checkbox', { name: 'Select all rows' }));
    expect(onSelect.mock.lastCall?.[0]).toEqual(new Set());
  });

  test('are gone back to where they were left', () => {
    vi.useFakeTimers();
    const { unmount } = draw({ rows: many(10_000) });
    act(() => grid().scrollTo({ top: 7_000 * ROW_PIXELS }));
    act(() => void vi.advanceTimersByTime(100));
    vi.useRealTimers();
    unmount();
    draw({ rows: many(10_000) });
    expect(names()).toContain('pod-7000');
  });
});

describe('by the keyboard', () => {
  test.each([
    ['j and k', 'j', 'k'],
    ['the arrows', '{ArrowDown}', '{ArrowUp}'],
  ])('%s walk over the rows, and stop at either end', async (_, down, up) => {
    const { user } = draw({ rows: rowsOf('a', 'b', 'c') });
    await user.keyboard(down);
    expect(focusedName()).toBe('a');
    await user.keyboard(down + down + down + down);
    expect(focusedName()).toBe('c');
    await user.keyboard(up);
    expect(focusedName()).toBe('b');
    await user.keyboard(up + up + up);
    expect(focusedName()).toBe('a');
  });

  test('going up first begins at the end', async () => {
    const { user } = draw({ rows: rowsOf('a', 'b', 'c') });
    await user.keyboard('k');
    expect(focusedName()).toBe('c');
  });

  test('a row beyond the last one in view is scrolled to', async () => {
    const { user } = draw({ rows: many(200) });
    await user.keyboard('k');
    await vi.waitFor(() => expect(focusedName()).toBe('pod-199'));
  });

  test('x ticks the row that has the focus, and no other', async () => {
    const onSelect = vi.fn();
    const { user } = draw({ rows: rowsOf('a', 'b'), onSelect });
    await user.keyboard('x');
    expect(onSelect).not.toHaveBeenCalled();
    await user.keyboard('jjx');
    expect(onSelect.mock.calls).toEqual([[new Set(['b'])]]);
  });

  test('nothing of this is taken from a page on which the table only stands among others', async () => {
    const { user } = draw({ rows: rowsOf('a'), fill: false });
    await user.keyboard('j{ArrowDown}');
    expect(document.activeElement).toBe(document.body);
  });

  test('of no rows none has the focus', async () => {
    const { user } = draw({ rows: [] });
    await user.keyboard('jk{ArrowDown}');
    expect(document.activeElement).toBe(document.body);
  });
});

describe('ticks', () => {
  function Ticked({ rows }: { rows: readonly Row[] }) {
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
    return table({ rows, selected, onSelect: setSelected });
  }
  const box = (name: string) => screen.getByRole('checkbox', { name }) as HTMLInputElement;

  test('of some rows make that of all undecided, and of all make it ticked', async () => {
    const user = userEvent.setup();
    render(<Ticked rows={rowsOf('a', 'b')} />);
    const all = box('Select all rows');
    await user.click(box('Select a'));
    expect([all.checked, all.indeterminate, box('Select a').checked]).toEqual([false, true, true]);
    await user.click(box('Select b'));
    expect([all.checked, all.indeterminate]).toEqual([true, false]);
    await user.click(box('Select a'));
    expect([all.checked, all.indeterminate, box('Select a').checked]).toEqual([false, true, false]);
  });

  test('open no row', async () => {
    const onOpen = vi.fn();
    const { user } = draw({ rows: rowsOf('a'), onOpen, onSelect: () => undefined });
    await user.click(box('Select a'));
    expect(onOpen).not.toHaveBeenCalled();
  });

  test('are not there where there is no room for them', () => {
    draw({ rows: rowsOf('a'), onSelect: () => undefined });
    expect(screen.getAllByRole('checkbox')).toHaveLength(2);
    act(() => resizeTo({ width: 519 }));
    expect(screen.queryAllByRole('checkbox')).toEqual([]);
  });
});

describe('a press on a row', () => {
  test('opens it, wherever it is made but on what opens something itself', async () => {
    const onOpen = vi.fn();
    const { user } = draw({ rows: rowsOf('a', 'b'), onOpen });
    await user.click(within(rowOf('b')).getByText('1'));
    expect(onOpen.mock.calls).toEqual([[{ id: 'b', version: '1' }]]);
    await user.click(within(rowOf('a')).getByRole('button', { name: 'more' }));
    await user.click(within(rowOf('a')).getByRole('link'));
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['Ctrl', { ctrlKey: true }],
    ['Cmd', { metaKey: true }],
    ['Shift', { shiftKey: true }],
  ])('with %s opens it in another tab', (_, held) => {
    const [onOpen, open] = [vi.fn(), vi.spyOn(window, 'open').mockReturnValue(null)];
    draw({ rows: rowsOf('a'), onOpen });
    fireEvent.click(within(rowOf('a')).getByText('1'), held);
    expect(onOpen).not.toHaveBeenCalled();
    expect(open).toHaveBeenCalledWith('http://localhost:3000/pods/a', '_blank', 'noopener');
    open.mockRestore();
  });

  test('of the middle button opens it in another tab', () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    draw({ rows: rowsOf('a'), onOpen: vi.fn() });
    fireEvent(within(rowOf('a')).getByText('1'), new MouseEvent('auxclick', { button: 1, bubbles: true }));
    expect(open).toHaveBeenCalledTimes(1);
    open.mockRestore();
  });

  test('that ends a choice of text opens nothing', () => {
    const onOpen = vi.fn();
    draw({ rows: rowsOf('a'), onOpen });
    const text = within(rowOf('a')).getByText('1');
    getSelection()?.selectAllChildren(text);
    fireEvent.click(text);
    expect(onOpen).not.toHaveBeenCalled();
    getSelection()?.removeAllRanges();
  });
});

describe('while the pointer is among the rows', () => {
  const point = () => fireEvent.pointerEnter(screen.getAllByRole('rowgroup')[1] as Element, { pointerType: 'mouse' });
  const leave = () => fireEvent.pointerLeave(screen.getAllByRole('rowgroup')[1] as Element, { pointerType: 'mouse' });

  test('they keep their places, what comes stands last, and what goes is struck through', () => {
    const onOpen = vi.fn();
    const { becomes } = draw({ rows: rowsOf('b', 'c'), onOpen });
    point();
    becomes({ rows: rowsOf('a', 'c') });
    expect(names()).toEqual(['b', 'c', 'a']);
    expect(rowOf('b').className).toContain('line-through');
    expect(screen.getByText('1 new, 1 gone')).toBeTruthy();
    fireEvent.click(within(rowOf('b')).getByText('1'));
    expect(onOpen).not.toHaveBeenCalled();
    leave();
    expect(names()).toEqual(['a', 'c']);
    expect(screen.queryByText('1 new, 1 gone')).toBeNull();
  });

  test('a finger holds nothing', () => {
    const { becomes } = draw({ rows: rowsOf('b') });
    fireEvent.pointerEnter(screen.getAllByRole('rowgroup')[1] as Element, { pointerType: 'touch' });
    becomes({ rows: rowsOf('a', 'b') });
    expect(names()).toEqual(['a', 'b']);
  });
});

describe('a row that changes', () => {
  const flashes = (name: string) => rowOf(name).querySelectorAll('.flash').length;

  test('flashes, and one that is only drawn again does not', () => {
    const { becomes } = draw({ rows: rowsOf('a', 'b') });
    expect([flashes('a'), flashes('b')]).toEqual([0, 0]);
    becomes({ rows: rowsOf('a', 'b') });
    expect([flashes('a'), flashes('b')]).toEqual([0, 0]);
    becomes({ rows: [{ id: 'a', version: '2' }, ...rowsOf('b')] });
    expect([flashes('a'), flashes('b')]).toEqual([1, 0]);
  });
});

describe('the head', () => {
  test('has a button for each column one can sort by, and tells the order', async () => {
    const onSort = vi.fn();
    const { user } = draw({ rows: rowsOf('a'), onSort, sort: { column: 'version', descending: true } });
    const heads = screen.getAllByRole('columnheader');
    expect(
      heads.map((head) => [head.textContent, head.getAttribute('aria-sort'), head.querySelector('button') !== null]),
    ).toEqual([
      ['Name', null, true],
      ['Version', 'descending', true],
      ['Note', null, false],
    ]);
    await user.click(screen.getByRole('button', { name: 'Name' }));
    expect(onSort.mock.calls).toEqual([['name']]);
  });

  test('stands over the actions where rows have some', () => {
    draw({ rows: rowsOf('a'), rowActions: ({ id }) => <button type="button">{`Actions of ${id}`}</button> });
    expect(screen.getByRole('columnheader', { name: 'Actions' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Actions of a' })).toBeTruthy();
  });

  test.each([
    [1_000, ['Name', 'Version', 'Note']],
    [799, ['Name', 'Version']],
  ])('of a table %i pixels wide has the columns there is room for', (width, shown) => {
    layOut({ width });
    draw({ rows: rowsOf('a') });
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent)).toEqual(shown);
    expect(within(bodyRows()[0] as HTMLElement).getAllByRole('cell')).toHaveLength(shown.length);
  });
});

test('what is cut off is told whole on pointing, unless the cell tells something better', () => {
  const cut = (title?: string): Column<Row>[] => [
    {
      id: 'long',
      title: 'Long',
      track: '1fr',
      cell: () => (
        <span title={title} style={{ textOverflow: 'ellipsis' }}>
          a long name
        </span>
      ),
    },
  ];
  Object.defineProperty(HTMLElement.prototype, 'scrollWidth', { configurable: true, get: () => 2_000 });
  const { becomes } = draw({ rows: rowsOf('a'), columns: cut() });
  const cell = () => screen.getByRole('cell');
  fireEvent.pointerEnter(cell());
  expect(cell().title).toBe('a long name');
  becomes({ columns: cut('better') });
  fireEvent.pointerEnter(cell());
  expect(cell().title).toBe('');
});

test('axe finds nothing to say of it', async () => {
  draw({
    rows: rowsOf('a', 'b'),
    onSort: () => undefined,
    sort: { column: 'name', descending: false },
    selected: new Set(['a']),
    onSelect: () => undefined,
    rowActions: ({ id }) => <button type="button">{`Actions of ${id}`}</button>,
  });
  expect(await accessibilityFindings()).toEqual([]);
});

describe('ranges of ticks', () => {
  function Ticked({ rows }: { rows: readonly Row[] }) {
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
    return table({ rows, selected, onSelect: setSelected });
  }
  const ROWS = rowsOf('a', 'b', 'c', 'd', 'e');
  const box = (name: string) => screen.getByRole('checkbox', { name: `Select ${name}` }) as HTMLInputElement;
  const ticked = () => ROWS.map(({ id }) => id).filter((id) => box(id).checked);
  const begin = () => {
    render(<Ticked rows={ROWS} />);
    return userEvent.setup();
  };
  const shiftClick = (name: string) => fireEvent.click(box(name), { shiftKey: true });

  test('reach with Shift from the box that was pressed last to this one, either way', async () => {
    const user = begin();
    await user.click(box('b'));
    shiftClick('d');
    expect(ticked()).toEqual(['b', 'c', 'd']);
    shiftClick('a');
    expect(ticked()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('are taken away as they are made', async () => {
    const user = begin();
    await user.click(screen.getByRole('checkbox', { name: 'Select all rows' }));
    await user.click(box('b'));
    shiftClick('d');
    expect(ticked()).toEqual(['a', 'e']);
  });

  test('of the first box alone are that box', () => {
    begin();
    shiftClick('c');
    expect(ticked()).toEqual(['c']);
  });

  test('grow with Shift and the arrows, and shrink on the way back', async () => {
    const user = begin();
    await user.keyboard('jj');
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(ticked()).toEqual(['b', 'c', 'd']);
    await user.keyboard('{Shift>}{ArrowUp}{/Shift}');
    expect(ticked()).toEqual(['b', 'c']);
    await user.keyboard('{ArrowDown}{ArrowDown}x');
    expect(ticked()).toEqual(['b', 'c', 'e']);
  });

  test('leave alone what was ticked before', async () => {
    const user = begin();
    await user.click(box('e'));
    await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}{Shift>}{ArrowUp}{/Shift}');
    expect(ticked()).toEqual(['a', 'b', 'e']);
  });

  test('reach with X from the row that was ticked last to the one with the focus', async () => {
    const user = begin();
    await user.keyboard('jxjjX');
    expect(ticked()).toEqual(['a', 'b', 'c']);
  });

  test('are of all rows with Ctrl and A, and of none with Escape', async () => {
    const user = begin();
    await user.keyboard('j{Control>}a{/Control}');
    expect(ticked()).toEqual(['a', 'b', 'c', 'd', 'e']);
    await user.keyboard('{Escape}');
    expect(ticked()).toEqual([]);
  });

  test('are not of rows that are gone while their order is held', async () => {
    const { user, becomes } = draw({ rows: ROWS, selected: new Set(['a']), onSelect: () => undefined });
    const onSelect = vi.fn();
    await user.hover(screen.getAllByRole('row')[1] as HTMLElement);
    becomes({ rows: rowsOf('a', 'c'), onSelect });
    fireEvent.click(box('a'));
    shiftClick('c');
    expect(onSelect.mock.lastCall?.[0]).toEqual(new Set(['a', 'c']));
  });
});
