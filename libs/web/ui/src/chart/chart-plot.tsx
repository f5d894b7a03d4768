import type { ChartLayout } from './layout.js';
import { type Point, runsOf } from './points.js';
import type { TimeChartProps } from './chart-props.js';

interface PlotProps extends TimeChartProps {
  readonly layout: ChartLayout;
  /** Where the reader points. */
  readonly reading: Point | undefined;
}

/** Each bound has a pattern of its own, so that they are not told apart by colour alone. */
export const PATTERNS = ['6 3', '2 3', '10 3 2 3'];
export const BOUND_COLOURS = ['var(--warn)', 'var(--error)', 'var(--ink-3)'];

function lineOf(run: readonly Point[], { x, y }: ChartLayout, stairs: boolean): string {
  const [first, ...rest] = run;
  if (!first) return '';
  const steps = rest.map(({ time, value }) => (stairs ? `H${x(time)}V${y(value)}` : `L${x(time)} ${y(value)}`));
  // A point alone is seen as a dot.
  return `M${x(first.time)} ${y(first.value)}${rest.length === 0 ? 'h0.01' : steps.join('')}`;
}

function areaOf(run: readonly Point[], layout: ChartLayout, stairs: boolean): string {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return '';
  return `${lineOf(run, layout, stairs)}L${layout.x(last.time)} ${layout.bottom}H${layout.x(first.time)}Z`;
}

const HALF_LABEL = 18;

/** A label at the edge stands within it. */
function anchorOf(time: number, { x, width }: ChartLayout): 'end' | 'middle' {
  return x(time) + HALF_LABEL > width ? 'end' : 'middle';
}

function Axes({ layout, format, formatTime }: PlotProps) {
  return (
    <g className="fill-ink-3 text-2xs tabular" fontSize="11">
      {layout.ticks.map((tick) => (
        <g key={tick}>
          <path d={`M${layout.left} ${layout.y(tick)}H${layout.right}`} stroke="var(--line)" />
          <text x={layout.left - 6} y={layout.y(tick) + 3.5} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {layout.times.map((time) => (
        <text key={time} x={layout.x(time)} y={layout.height - 5} textAnchor={anchorOf(time, layout)}>
          {formatTime(time)}
        </text>
      ))}
    </g>
  );
}

function Reading({ layout, point }: { layout: ChartLayout; point: Point }) {
  const [x, y] = [layout.x(point.time), layout.y(point.value)];
  return (
    <g>
      <path d={`M${x} ${layout.bottom}V8`} stroke="var(--line-strong)" />
      <circle cx={x} cy={y} r="3.5" fill="var(--accent)" stroke="var(--surface)" strokeWidth="1.5" />
    </g>
  );
}

/** The picture alone: whatever it says is said in words beside it. */
export function ChartPlot(props: PlotProps) {
  const { layout, points, step, bounds = [], stairs = false, reading } = props;
  const runs = runsOf(points, step);
  return (
    <svg aria-hidden="true" width={layout.width} height={layout.height} className="block max-w-full">
      <Axes {...props} />
      {runs.map((run) => (
        <path key={run[0]?.time} d={areaOf(run, layout, stairs)} fill="var(--accent)" opacity="0.12" />
      ))}
      {bounds.map(({ label, value }, at) =>
        value > layout.top ? null : (
          <path
            key={label}
            d={`M${layout.left} ${layout.y(value)}H${layout.right}`}
            stroke={BOUND_COLOURS[at % BOUND_COLOURS.length]}
            strokeDasharray={PATTERNS[at % PATTERNS.length]}
            strokeWidth="1.5"
          />
        ),
      )}
      {runs.map((run) => (
        <path
          key={run[0]?.time}
          d={lineOf(run, layout, stairs)}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="1.75"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      ))}
      {reading && <Reading layout={layout} point={reading} />}
    </svg>
  );
}
