'use client';

import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '../class-names.js';
import { Checkbox } from './checkbox.js';
import type { Column, Sort } from './columns.js';

interface HeaderRowProps<T> {
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly sort: Sort | undefined;
  readonly onSort: ((column: string) => void) | undefined;
  /** Undefined where rows cannot be ticked. */
  readonly selection:
    | { readonly label: string; readonly all: boolean; readonly some: boolean; toggle(): void }
    | undefined;
  /** Heads the column of row menus; undefined where there is none. */
  readonly actionsLabel: string | undefined;
}

type Order = 'ascending' | 'descending' | undefined;

function orderOf(sort: Sort | undefined, id: string): Order {
  if (sort?.column !== id) return undefined;
  return sort.descending ? 'descending' : 'ascending';
}

function SortButton({ title, order, onPress }: { title: string; order: Order; onPress: () => void }) {
  const Arrow = order === 'descending' ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      onClick={onPress}
      className={cx(
        'group -mx-1 flex h-6 min-w-0 items-center gap-1 rounded-sm px-1 hover:text-ink',
        order && 'text-ink',
      )}
    >
      <span className="truncate">{title}</span>
      <Arrow
        aria-hidden="true"
        className={cx('size-3 shrink-0', !order && 'hidden group-hover:block group-hover:opacity-60')}
      />
    </button>
  );
}

function HeaderCell<T>({ column, sort, onSort }: Pick<HeaderRowProps<T>, 'sort' | 'onSort'> & { column: Column<T> }) {
  const order = orderOf(sort, column.id);
  return (
    <div
      role="columnheader"
      aria-sort={order}
      className={cx('flex min-w-0 items-center', column.align === 'end' && 'justify-end')}
    >
      {onSort && column.sortable !== false ? (
        <SortButton title={column.title} order={order} onPress={() => onSort(column.id)} />
      ) : (
        <span className="truncate">{column.title}</span>
      )}
    </div>
  );
}

export function HeaderRow<T>({ columns, template, sort, onSort, selection, actionsLabel }: HeaderRowProps<T>) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className="grid h-8 items-center gap-x-4 px-4 text-xs font-medium text-ink-3"
        style={{ gridTemplateColumns: template }}
      >
        {selection && (
          <div role="columnheader" className="flex items-center">
            <Checkbox
              label={selection.label}
              checked={selection.all}
              mixed={selection.some && !selection.all}
              onChange={selection.toggle}
            />
          </div>
        )}
        {columns.map((column) => (
          <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
        {actionsLabel && (
          <div role="columnheader">
            <span className="sr-only">{actionsLabel}</span>
          </div>
        )}
      </div>
    </div>
  );
}
