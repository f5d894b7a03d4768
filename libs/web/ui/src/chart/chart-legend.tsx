import { BOUND_COLOURS, PATTERNS } from './chart-plot.js';
import type { Bound } from './chart-props.js';

interface LegendProps {
  readonly bounds: readonly Bound[];
  readonly top: number;
  readonly format: (value: number) => string;
  readonly above: string;
}

/** What the lines across a chart are, and where those are that lie above it. */
export function ChartLegend({ bounds, top, format, above }: LegendProps) {
  if (bounds.length === 0) return null;
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-3">
      {bounds.map(({ label, value }, at) => (
        <li key={label} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="22" height="6">
            <path
              d="M0 3H22"
              stroke={BOUND_COLOURS[at % BOUND_COLOURS.length]}
              strokeDasharray={PATTERNS[at % PATTERNS.length]}
              strokeWidth="1.5"
            />
          </svg>
          <span className="tabular">
            {label} {format(value)}
            {value > top && ` ${above}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
