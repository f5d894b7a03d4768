'use client';

import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { cx } from '../class-names.js';
import { Checkbox } from './checkbox.js';
import type { Column, Sort } from './columns.js';
import { HeaderRow } from './header-row.js';
import type { HeldRows } from './hold-order.js';
import { TableRow } from './table-row.js';
import { useElementWidth } from './use-element-width.js';
import { type RangeSelection, useRangeSelection } from './use-range-selection.js';
import { useHeldRows } from './use-held-rows.js';
import { useRowKeys } from './use-row-keys.js';
import { useScrollMemory } from './use-scroll-memory.js';

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

const ROW_HEIGHT = 36;
/** Tables that do not fill are cut at this many rows and scroll beyond. */
const GROWING_ROWS = 12;
/** In narrower tables there are no boxes to tick: names need the room. */
const SELECTION_FROM = 520;

interface Layout<T> {
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly selectable: boolean;
}

function useLayout<T>({ columns, onSelect, rowActions }: DataTableProps<T>, width: number): Layout<T> {
  const selectable = onSelect !== undefined && (width === 0 || width >= SELECTION_FROM);
  return useMemo(() => {
    const visible = columns.filter((column) => width === 0 || width >= (column.from ?? 0));
    const tracks = [selectable && '1rem', ...visible.map((column) => column.track), rowActions && '1.75rem'];
    return { columns: visible, template: tracks.filter(Boolean).join(' '), selectable };
  }, [columns, width, selectable, Boolean(rowActions)]);
}

interface RowsProps<T> {
  readonly props: DataTableProps<T>;
  readonly layout: Layout<T>;
  readonly held: HeldRows<T>;
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  readonly selection: RangeSelection;
}

function Rows<T>({ props, layout, held, virtual, selection }: RowsProps<T>) {
  return virtual.getVirtualItems().map(({ index, start, key }) => {
    const item = held.rows[index];
    if (!item) return null;
    const selected = selection.selected.has(item.key);
    const box = (
      <Checkbox
        label={`${props.labels.selectRow} ${item.key}`}
        checked={selected}
        onChange={(shift) => selection.toggle(item.key, shift)}
      />
    );
    return (
      <TableRow
        key={key}
        index={index}
        start={start}
        item={item}
        columns={layout.columns}
        template={layout.template}
        version={props.versionOf?.(item.row) ?? ''}
        selected={selected}
        onOpen={props.onOpen}
        before={layout.selectable && box}
        after={props.rowActions?.(item.row)}
      />
    );
  });
}

/**
 * A table of any length: only what is in view is drawn. While the pointer is among the rows their order is held; contents
 * keep changing, and a note says what waits.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { keyOf, labels } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const fill = props.fill ?? false;
  const layout = useLayout(props, useElementWidth(scroller));
  const initialOffset = useScrollMemory(scroller, fill);
  const [holding, setHolding] = useState(false);
  const held = useHeldRows(props.rows, keyOf, holding);
  const { rows, added, gone, moved } = held;
  const virtual = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    initialOffset,
  });
  const selection = useRangeSelection(rows, props.selected, props.onSelect);
  // Small tables stand among other things on a page that scrolls: the arrows stay the page's.
  const keys = { count: rows.length, scrollTo: (index: number) => virtual.scrollToIndex(index), enabled: fill };
  const onKeyDown = useRowKeys(scroller, keys, layout.selectable ? selection : undefined);
  const header = {
    label: labels.selectAll,
    all: selection.isAll,
    some: selection.selected.size > 0,
    toggle: () => selection.all(!selection.isAll),
  };
  const growing = fill ? {} : { maxHeight: (GROWING_ROWS + 1) * ROW_HEIGHT };
  return (
    <div className={cx('relative flex min-h-0 min-w-0 flex-col', fill && 'flex-1')}>
      <div
        ref={scroller}
        role="table"
        aria-label={labels.table}
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
        style={growing}
      >
        <HeaderRow
          columns={layout.columns}
          template={layout.template}
          sort={props.sort}
          onSort={props.onSort}
          selection={layout.selectable ? header : undefined}
          actionsLabel={props.rowActions && labels.actions}
        />
        <div
          role="rowgroup"
          className="relative"
          style={{ height: virtual.getTotalSize() }}
          onPointerEnter={(event) => event.pointerType === 'mouse' && setHolding(true)}
          onPointerLeave={() => setHolding(false)}
        >
          <Rows props={props} layout={layout} held={held} virtual={virtual} selection={selection} />
        </div>
      </div>
      {holding && moved && added + gone > 0 && (
        <p className="enter pointer-events-none absolute bottom-3 left-1/2 z-20 -translate-x-1/2 rounded-full bg-ink px-3 py-1 text-xs text-canvas shadow-pop">
          {labels.held(added, gone)}
        </p>
      )}
    </div>
  );
}
