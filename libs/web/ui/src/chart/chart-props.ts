import type { Point } from './points.js';
import type { Counting } from './scale.js';

/** A line across the chart, such as a limit. */
export interface Bound {
  readonly label: string;
  readonly value: number;
}

export interface ChartLabels {
  /** What opens the figures as a table, and the heads of that. */
  readonly table: string;
  readonly time: string;
  /** Stands where there is nothing to draw. */
  readonly none: string;
  /** Said of a line that lies above what is drawn. */
  readonly above: string;
}

export interface TimeChartProps {
  readonly title: string;
  /** What the chart shows, in a sentence, for those who do not see it. */
  readonly description: string;
  readonly points: readonly Point[];
  /** Seconds from one point to the next. */
  readonly step: number;
  readonly bounds?: readonly Bound[];
  readonly counting?: Counting;
  /** As stairs, where what is between two points is not on the way from one to the other. */
  readonly stairs?: boolean;
  readonly format: (value: number) => string;
  /** Seconds since the epoch, as a clock shows them. */
  readonly formatTime: (time: number) => string;
  readonly labels: ChartLabels;
}
