'use client';

import { type MouseEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { cx } from '../class-names.js';
import { isModifiedClick } from '../modified-click.js';
import type { Column } from './columns.js';
import type { HeldRow } from './hold-order.js';

interface TableRowProps<T> {
  readonly index: number;
  readonly start: number;
  readonly item: HeldRow<T>;
  readonly columns: readonly Column<T>[];
  readonly template: string;
  readonly version: string;
  readonly selected: boolean;
  readonly onOpen: ((row: T) => void) | undefined;
  readonly before: ReactNode;
  readonly after: ReactNode;
}

/** Counts the changes of a value after the first one seen. */
function useChanges(value: string): number {
  const seen = useRef(value);
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    if (seen.current === value) return;
    seen.current = value;
    setChanges((count) => count + 1);
  }, [value]);
  return changes;
}

function opensByItself(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a, button, input, label, [role="menu"]') !== null;
}

function isCut(element: Element): boolean {
  return element.scrollWidth > element.clientWidth && getComputedStyle(element).textOverflow === 'ellipsis';
}

/** What is cut off is told in full on pointing, unless the cell has something better to tell. */
function tellWhole({ currentTarget: cell }: PointerEvent<HTMLElement>): void {
  const cut = isCut(cell) || [...cell.querySelectorAll('*')].some(isCut);
  cell.title = cut && !cell.querySelector('[title]') ? (cell.textContent ?? '') : '';
}

/** Where the row leads: the address of its link. */
function addressOf(row: Element): string | undefined {
  return row.querySelector<HTMLAnchorElement>('a[data-row-link], a[href]')?.href;
}

/** A click for another tab opens one, wherever in the row it is made. */
function openBeside({ currentTarget }: MouseEvent<HTMLElement>): void {
  const address = addressOf(currentTarget);
  if (address) window.open(address, '_blank', 'noopener');
}

export function TableRow<T>({ item, columns, template, version, ...props }: TableRowProps<T>) {
  const changes = useChanges(version);
  return (
    // The row's link is the keyboard's way in; the click on the whole row is a larger target for the pointer.
    <div
      role="row"
      aria-rowindex={props.index + 2}
      data-row={props.index}
      onClick={(event) => {
        if (item.gone || opensByItself(event.target) || getSelection()?.toString()) return;
        if (isModifiedClick(event)) openBeside(event);
        else props.onOpen?.(item.row);
      }}
      onAuxClick={(event) => {
        if (event.button === 1 && props.onOpen && !item.gone && !opensByItself(event.target)) openBeside(event);
      }}
      className={cx(
        'absolute inset-x-0 grid h-9 items-center gap-x-4 border-b border-line/60 px-4 text-sm',
        'focus-within:bg-hover hover:bg-hover',
        // The cells cut off whatever is drawn around a link: the row's own link is shown by the row, others within themselves.
        '-outline-offset-2 outline-accent has-[[data-row-link]:focus-visible]:outline-2',
        '[&_[data-row-link]]:outline-none [&_a:focus-visible]:-outline-offset-2',
        props.onOpen && 'cursor-pointer',
        props.selected && 'bg-selected',
        item.gone && 'line-through opacity-50',
      )}
      style={{ transform: `translateY(${props.start}px)`, gridTemplateColumns: template }}
    >
      {(changes > 0 || item.added) && (
        <span key={changes} aria-hidden="true" className="flash pointer-events-none absolute inset-0" />
      )}
      {props.before && (
        <div role="cell" className="relative flex items-center">
          {props.before}
        </div>
      )}
      {columns.map((column) => (
        <div
          role="cell"
          key={column.id}
          onPointerEnter={tellWhole}
          className={cx('relative min-w-0 truncate', column.align === 'end' ? 'tabular text-right' : '')}
        >
          {column.cell(item.row)}
        </div>
      ))}
      {props.after && (
        <div role="cell" className="relative flex justify-end">
          {props.after}
        </div>
      )}
    </div>
  );
}
