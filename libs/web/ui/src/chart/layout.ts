import type { Bound } from './chart-props.js';
import type { Point } from './points.js';
import { type Counting, ticksOf, timesOf } from './scale.js';

/** Where everything of a chart lies, in pixels. */
export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  /** The greatest value that is drawn. */
  readonly top: number;
  readonly ticks: readonly number[];
  readonly times: readonly number[];
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
  readonly timeAt: (x: number) => number;
}

interface Drawn {
  readonly points: readonly Point[];
  readonly bounds?: readonly Bound[];
  readonly counting?: Counting;
  readonly step: number;
}

/** Before it is known how wide it is, as on a server. */
const USUAL_WIDTH = 480;
const LEFT = 56;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 20;
const TICK_ROOM = 40;
const TIME_ROOM = 80;
/** A line further above than so many times what was measured would press that flat. */
const FAR = 4;

/** What the chart must have room for: what was measured, and the lines that are not far above it. */
function mostOf({ points, bounds = [] }: Drawn): number {
  const most = Math.max(0, ...points.map(({ value }) => value));
  const near = bounds.map(({ value }) => value).filter((value) => most === 0 || value <= most * FAR);
  return Math.max(most, ...near);
}

export function layoutOf(drawn: Drawn, measured: number, height: number): ChartLayout {
  const width = measured || USUAL_WIDTH;
  const { points, step, counting = 'decimal' } = drawn;
  const [right, bottom] = [Math.max(width - RIGHT, LEFT + 1), height - BOTTOM];
  const from = points[0]?.time ?? 0;
  const to = Math.max(points.at(-1)?.time ?? 0, from + step);
  const ticks = ticksOf(mostOf(drawn), Math.floor((bottom - TOP) / TICK_ROOM), counting);
  const top = ticks.at(-1) ?? 1;
  return {
    width,
    height,
    left: LEFT,
    right,
    bottom,
    top,
    ticks,
    times: timesOf(from, to, Math.max(1, Math.floor((right - LEFT) / TIME_ROOM))),
    x: (time) => LEFT + ((time - from) / (to - from)) * (right - LEFT),
    y: (value) => bottom - (value / top) * (bottom - TOP),
    timeAt: (x) => from + ((x - LEFT) / (right - LEFT)) * (to - from),
  };
}
