'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { cx } from '../class-names.js';
import { useShortcuts } from '../shortcuts.js';
import type { Column, Sort } from './columns.js';
import { TableRow } from './table-row.js';
import { useHeldRows } from './use-held-rows.js';
import { useElementWidth } from './use-element-width.js';

export interface TableLabels {
  readonly table: string;
  readonly selectRow: string;
  readonly selectAll: string;
  readonly actions: string;
  /** Tells what has changed while the order was held. */
  readonly held: (added: number, gone: number) => string;
}

export interface DataTableProps<T> {
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  /** Changes whenever the row's contents do; the row then flashes. */
  readonly versionOf?: (row: T) => string;
  readonly labels: TableLabels;
  readonly sort?: Sort | undefined;
  readonly onSort?: (column: string) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (keys: ReadonlySet<string>) => void;
  readonly onOpen?: (row: T) => void;
  readonly rowActions?: (row: T) => ReactNode;
  /** Fills the height it is given and scrolls inside; otherwise grows with its rows. */
  readonly fill?: boolean;
}

export const ROW_HEIGHT = 36;
/** Tables that do not fill are cut at this many rows and scroll beyond. */
const GROWING_ROWS = 12;

function useVisible<T>(columns: readonly Column<T>[], width: number): readonly Column<T>[] {
  return useMemo(() => columns.filter((column) => width === 0 || width >= (column.from ?? 0)), [columns, width]);
}

function HeaderCell<T>({ column, sort, onSort }: Pick<DataTableProps<T>, 'sort' | 'onSort'> & { column: Column<T> }) {
  const active = sort?.column === column.id;
  const Arrow = active && sort.descending ? ArrowDown : ArrowUp;
  const order = active ? (sort.descending ? 'descending' : 'ascending') : undefined;
  const sortable = onSort && column.sortable !== false;
  return (
    <div
      role="columnheader"
      {...(order && { 'aria-sort': order })}
      className={cx('flex min-w-0 items-center', column.align === 'end' && 'justify-end')}
    >
      {sortable ? (
        <button
          type="button"
          onClick={() => onSort(column.id)}
          className={cx(
            'group -mx-1 flex h-6 min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink',
            active && 'text-ink',
          )}
        >
          <span className="truncate">{column.title}</span>
          <Arrow aria-hidden="true" className={cx('size-3 shrink-0', !active && 'opacity-0 group-hover:opacity-60')} />
        </button>
      ) : (
        <span className="truncate">{column.title}</span>
      )}
    </div>
  );
}

function Checkbox({
  checked,
  mixed,
  label,
  onChange,
}: {
  checked: boolean;
  mixed?: boolean;
  label: string;
  onChange: () => void;
}) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={checked}
      ref={(input) => {
        if (input) input.indeterminate = Boolean(mixed);
      }}
      onChange={onChange}
      className="size-3.5 cursor-pointer accent-accent"
    />
  );
}

/**
 * A table of any length: only what is in view is drawn. While the pointer or the keyboard's focus is among the rows their
 * order is held; contents keep changing, and a note says what waits.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { columns, keyOf, labels, selected, onSelect, rowActions } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useElementWidth(scroller);
  const visible = useVisible(columns, width);
  const [held, setHeld] = useState(false);
  const { rows, added, gone, moved } = useHeldRows(props.rows, keyOf, held);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });
  const template = [onSelect && '1.75rem', ...visible.map((column) => column.track), rowActions && '2rem'];
  const gridTemplateColumns = template.filter(Boolean).join(' ');
  useRowKeys(scroller, rows.length, (index) => virtual.scrollToIndex(index));
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect?.(next);
  };
  const all = rows.length > 0 && rows.every(({ key }) => selected?.has(key));
  const growing = props.fill ? undefined : { maxHeight: (GROWING_ROWS + 1) * ROW_HEIGHT };
  return (
    <div className={cx('relative flex min-h-0 min-w-0 flex-col', props.fill && 'flex-1')}>
      <div
        ref={scroller}
        role="table"
        aria-label={labels.table}
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
        style={growing}
      >
        <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
          <div
            role="row"
            aria-rowindex={1}
            className="grid h-8 items-center gap-3 px-4 text-xs font-medium text-ink-3"
            style={{ gridTemplateColumns }}
          >
            {onSelect && (
              <div role="columnheader" className="flex items-center">
                <Checkbox
                  label={labels.selectAll}
                  checked={all}
                  mixed={!all && Boolean(selected?.size)}
                  onChange={() => onSelect(new Set(all ? [] : rows.map(({ key }) => key)))}
                />
              </div>
            )}
            {visible.map((column) => (
              <HeaderCell
                key={column.id}
                column={column}
                sort={props.sort}
                {...(props.onSort && { onSort: props.onSort })}
              />
            ))}
            {rowActions && (
              <div role="columnheader">
                <span className="sr-only">{labels.actions}</span>
              </div>
            )}
          </div>
        </div>
        <div
          role="rowgroup"
          className="relative"
          style={{ height: virtual.getTotalSize() }}
          onPointerEnter={(event) => event.pointerType === 'mouse' && setHeld(true)}
          onPointerLeave={() => setHeld(false)}
        >
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const item = rows[index];
            if (!item) return null;
            return (
              <TableRow
                key={key}
                index={index}
                start={start}
                item={item}
                columns={visible}
                template={gridTemplateColumns}
                version={props.versionOf?.(item.row) ?? ''}
                selected={selected?.has(item.key) ?? false}
                onOpen={props.onOpen}
                before={
                  onSelect && (
                    <Checkbox
                      label={`${labels.selectRow} ${item.key}`}
                      checked={selected?.has(item.key) ?? false}
                      onChange={() => toggle(item.key)}
                    />
                  )
                }
                after={rowActions?.(item.row)}
              />
            );
          })}
        </div>
      </div>
      {held && moved && added + gone > 0 && (
        <p className="enter pointer-events-none absolute bottom-3 left-1/2 z-20 -translate-x-1/2 rounded-full bg-ink px-3 py-1 text-xs text-canvas shadow-pop">
          {labels.held(added, gone)}
        </p>
      )}
    </div>
  );
}

/** `j` and `k` or the arrows walk over the rows' links, `x` ticks the row, Enter then follows the link by itself. */
function useRowKeys(
  scroller: React.RefObject<HTMLDivElement | null>,
  count: number,
  scrollTo: (index: number) => void,
): void {
  const wanted = useRef(-1);
  const rowOf = (index: number) => scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
  const focusWanted = () =>
    rowOf(wanted.current)?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  const step = (by: number) => {
    const active = document.activeElement?.closest<HTMLElement>('[data-row]');
    const inside = active && scroller.current?.contains(active);
    const from = inside ? Number(active.dataset.row) : by > 0 ? -1 : count;
    wanted.current = Math.min(Math.max(from + by, 0), count - 1);
    scrollTo(wanted.current);
    focusWanted();
    // The row may be drawn only after the scroll.
    requestAnimationFrame(focusWanted);
  };
  const tick = () =>
    document.activeElement?.closest('[data-row]')?.querySelector<HTMLElement>('input[type=checkbox]')?.click();
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    arrowdown: () => step(1),
    arrowup: () => step(-1),
    x: tick,
  });
  useEffect(() => {
    if (wanted.current >= count) wanted.current = count - 1;
  }, [count]);
}
