'use client';

import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { useElementWidth } from '../table/use-element-width.js';
import { ChartLegend } from './chart-legend.js';
import { ChartPlot } from './chart-plot.js';
import type { TimeChartProps } from './chart-props.js';
import { ChartTable } from './chart-table.js';
import { layoutOf } from './layout.js';
import { nearest, type Point } from './points.js';

const HEIGHT = 168;
const KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10 };

/** Where the reader is: by the pointer or the keys; undefined shows the newest. */
function useReading(points: readonly Point[]) {
  const [time, setTime] = useState<number>();
  const last = points.length - 1;
  const at = time === undefined ? last : nearest(points, time);
  const go = (to: number) => setTime(points[Math.min(Math.max(to, 0), last)]?.time);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by !== undefined) go(at + by);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End' || event.key === 'Escape') setTime(undefined);
    else return;
    event.preventDefault();
  };
  return { at, isPointing: time !== undefined, setTime, onKeyDown };
}

/**
 * What something was over time, with axes and units. Its figures are read by the pointer, by the arrow keys as those of a slider,
 * and as a table.
 */
export function TimeChart(props: TimeChartProps) {
  const { title, description, points, labels, format, formatTime } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const reading = useReading(points);
  const layout = layoutOf(props, width, HEIGHT);
  const point = points[reading.at];
  const said = point ? `${formatTime(point.time)}: ${format(point.value)}` : labels.none;
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    reading.setTime(layout.timeAt(event.clientX - left));
  };
  return (
    <figure aria-labelledby={`${id}-title`} className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3 text-xs">
        <span id={`${id}-title`} className="font-medium text-ink-2">
          {title}
        </span>
        <span aria-hidden="true" className="tabular text-ink-2">
          {said}
        </span>
      </figcaption>
      <div
        ref={frame}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-describedby={`${id}-description`}
        aria-valuemin={0}
        aria-valuemax={Math.max(points.length - 1, 0)}
        aria-valuenow={Math.max(reading.at, 0)}
        aria-valuetext={said}
        aria-readonly="true"
        className="mt-1 cursor-crosshair rounded-sm outline-offset-2"
        onPointerMove={follow}
        onPointerLeave={() => reading.setTime(undefined)}
        onKeyDown={reading.onKeyDown}
      >
        <ChartPlot {...props} layout={layout} reading={reading.isPointing ? point : undefined} />
      </div>
      <p id={`${id}-description`} className="sr-only">
        {description}
      </p>
      <ChartLegend bounds={props.bounds ?? []} top={layout.top} format={format} above={labels.above} />
      <ChartTable {...props} />
    </figure>
  );
}
