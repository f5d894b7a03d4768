'use client';

import { cx, Panel } from '@binnacle/web-ui';
import type { ReactNode } from 'react';

interface RowsTableProps {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}

/** A small table, for what stands in a panel. */
export function RowsTable({ title, head, rows }: RowsTableProps) {
  return (
    // Wider than a telephone: it is moved by the keyboard, too.
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={title}>
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="h-8 border-b border-line text-xs text-ink-3">
            {head.map((text, index) => (
              <th key={text} scope="col" className={cx('pr-4 font-medium whitespace-nowrap', index === 0 && 'pl-4')}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, index) => (
            <tr key={index} className="border-b border-line/60 align-top last:border-0">
              {cells.map((cell, at) => (
                <td key={at} className={cx('py-2 pr-4', at === 0 && 'pl-4')}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowsPanelProps extends RowsTableProps {
  /** What stands there where there are none. */
  readonly none: string;
}

/** A small table of the parts of one object. */
export function RowsPanel({ none, ...table }: RowsPanelProps) {
  return (
    <Panel title={table.title} count={table.rows.length} flush>
      {table.rows.length === 0 ? <p className="px-4 py-3 text-sm text-ink-3">{none}</p> : <RowsTable {...table} />}
    </Panel>
  );
}
