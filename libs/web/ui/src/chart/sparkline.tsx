import { type Point, runsOf } from './points.js';

const WIDTH = 44;
const HEIGHT = 18;

interface SparklineProps {
  readonly points: readonly Point[];
  /** Seconds from one point to the next. */
  readonly step: number;
  /** The top of the line at least; its own highest point where absent. */
  readonly most?: number;
}

/** How something went, in the size of a word. It is a picture of figures that are told beside it. */
export function Sparkline({ points, step, most = 0 }: SparklineProps) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return <svg aria-hidden="true" width={WIDTH} height={HEIGHT} />;
  const top = Math.max(most, ...points.map(({ value }) => value)) || 1;
  const x = (time: number) => 1 + ((time - first.time) / (last.time - first.time)) * (WIDTH - 2);
  const y = (value: number) => HEIGHT - 1.5 - (value / top) * (HEIGHT - 3);
  const path = runsOf(points, step)
    .map((run) => `M${run.map(({ time, value }) => `${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join('L')}`)
    .join('');
  return (
    <svg aria-hidden="true" width={WIDTH} height={HEIGHT} className="shrink-0 text-accent">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.25"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
