'use client';

import { useState } from 'react';
import type { TimeChartProps } from './chart-props.js';

/** The figures of a chart, the newest first. They are made when somebody wants to read them. */
export function ChartTable({ title, points, format, formatTime, labels }: TimeChartProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="mt-1 text-xs text-ink-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-sm text-ink-3 hover:text-ink">{labels.table}</summary>
      {isOpen && (
        <div
          className="mt-1 max-h-48 overflow-y-auto rounded-sm border border-line"
          tabIndex={0}
          role="group"
          aria-label={title}
        >
          <table className="tabular w-full text-left">
            <thead className="sticky top-0 bg-surface text-ink-3">
              <tr>
                <th scope="col" className="px-3 py-1 font-medium">
                  {labels.time}
                </th>
                <th scope="col" className="px-3 py-1 text-right font-medium">
                  {title}
                </th>
              </tr>
            </thead>
            <tbody>
              {points.toReversed().map(({ time, value }) => (
                <tr key={time} className="border-t border-line/60">
                  <td className="px-3 py-0.5">{formatTime(time)}</td>
                  <td className="px-3 py-0.5 text-right">{format(value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
