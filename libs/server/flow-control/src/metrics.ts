import { Counter, Gauge, type MetricsRegistry, type TimedSeries, Timings } from '@binnacle/process-telemetry';
import type { FlowControl, FlowControlOptions } from './flow-control.js';
import type { PriorityLevel } from './levels/priority-level.js';
import type { FlowStats } from './queueing/flow-stats.js';

const PREFIX = 'apiserver_flowcontrol_';
const DURATIONS = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const FLOW = ['priority_level', 'flow_schema'] as const;
type Flow = (typeof FLOW)[number];

type Observe = NonNullable<FlowControlOptions['observe']>;

/** Times waits and requests. Behaves as apiserver pkg/util/flowcontrol/metrics. */
export function observeFlowControl(registry: MetricsRegistry): Observe {
  const registers = [registry];
  const wait = new Timings<Flow | 'execute'>({
    name: `${PREFIX}request_wait_duration_seconds`,
    help: 'Length of time a request spent waiting in its queue',
    labelNames: [...FLOW, 'execute'],
    buckets: DURATIONS,
    registers,
  });
  const execution = new Timings<Flow>({
    name: `${PREFIX}request_execution_seconds`,
    help: 'Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution',
    labelNames: [...FLOW],
    buckets: DURATIONS,
    registers,
  });
  const series = new WeakMap<FlowStats, Series>();
  const seriesOf = (stats: FlowStats): Series => {
    let found = series.get(stats);
    if (!found) series.set(stats, (found = seriesFor(stats, wait, execution)));
    return found;
  };
  return {
    waited: (stats, milliseconds, served) =>
      seriesOf(stats)[served ? 'served' : 'refused'].observe(milliseconds / 1000),
    served: (stats, milliseconds) => seriesOf(stats).execution.observe(milliseconds / 1000),
  };
}

type Series = Readonly<Record<'served' | 'refused' | 'execution', TimedSeries>>;

/** Found once for each flow schema of a level, because finding costs more than counting. */
function seriesFor(
  { priorityLevel, flowSchema }: FlowStats,
  wait: Timings<Flow | 'execute'>,
  execution: Timings<Flow>,
): Series {
  const flow = { priority_level: priorityLevel, flow_schema: flowSchema };
  return {
    served: wait.of({ ...flow, execute: 'true' }),
    refused: wait.of({ ...flow, execute: 'false' }),
    execution: execution.of(flow),
  };
}

type LevelGauge = readonly [name: string, help: string, value: (level: PriorityLevel) => number];

const LEVEL_GAUGES: readonly LevelGauge[] = [
  ['nominal_limit_seats', 'Nominal number of execution seats of a priority level', ({ bounds }) => bounds.nominal],
  ['lower_limit_seats', 'Lower bound on the execution seats of a priority level', ({ bounds }) => bounds.lower],
  ['upper_limit_seats', 'Upper bound on the execution seats of a priority level', ({ bounds }) => bounds.upper],
  ['current_limit_seats', 'Execution seats a priority level has now', ({ queues }) => queues.concurrencyLimit],
  ['demand_seats_high_watermark', 'Most seats asked for in the last period', ({ demand }) => demand.highWatermark],
  ['demand_seats_average', 'Seats asked for on average in the last period', ({ demand }) => demand.average],
  ['demand_seats_stdev', 'Standard deviation of the seats asked for', ({ demand }) => demand.deviation],
  ['demand_seats_smoothed', 'Smoothed seat demands', ({ demand }) => demand.smoothed],
  ['target_seats', 'Seat allocation targets', ({ target }) => target],
];

type FlowGauge = readonly [name: string, help: string, value: (stats: FlowStats) => number];

const FLOW_GAUGES: readonly FlowGauge[] = [
  ['current_executing_requests', 'Requests being executed', ({ executing }) => executing],
  ['current_executing_seats', 'Seats taken by requests being executed', ({ executingSeats }) => executingSeats],
  ['current_inqueue_requests', 'Requests waiting in queues', ({ waiting }) => waiting],
  ['current_inqueue_seats', 'Seats requests in queues wait for', ({ waitingSeats }) => waitingSeats],
];

function* everyFlow(control: FlowControl): Generator<FlowStats> {
  for (const level of control.levels.all()) yield* level.allStats();
}

/** What only has to be read when somebody asks costs requests nothing. */
export function reportFlowControl(registry: MetricsRegistry, control: FlowControl): void {
  const registers = [registry];
  for (const [name, help, value] of LEVEL_GAUGES) {
    const collect = function (this: Gauge) {
      this.reset();
      for (const level of control.levels.all()) this.set({ priority_level: level.name }, value(level));
    };
    new Gauge({ name: PREFIX + name, help, labelNames: ['priority_level'], registers, collect });
  }
  for (const [name, help, value] of FLOW_GAUGES) {
    const collect = function (this: Gauge) {
      this.reset();
      for (const stats of everyFlow(control))
        this.set({ priority_level: stats.priorityLevel, flow_schema: stats.flowSchema }, value(stats));
    };
    new Gauge({ name: PREFIX + name, help, labelNames: [...FLOW], registers, collect });
  }
  new Gauge({
    name: `${PREFIX}seat_fair_frac`,
    help: "Fair fraction of server's concurrency to allocate to each priority level that can use it",
    registers,
    collect() {
      this.set(control.levels.fairFraction);
    },
  });
  reportCounters(registry, control);
}

function reportCounters(registry: MetricsRegistry, control: FlowControl): void {
  const registers = [registry];
  new Counter({
    name: `${PREFIX}dispatched_requests_total`,
    help: 'Number of requests executed by API Priority and Fairness subsystem',
    labelNames: [...FLOW],
    registers,
    collect() {
      this.reset();
      for (const { priorityLevel, flowSchema, dispatched } of everyFlow(control))
        this.inc({ priority_level: priorityLevel, flow_schema: flowSchema }, dispatched);
    },
  });
  new Counter({
    name: `${PREFIX}rejected_requests_total`,
    help: 'Number of requests rejected by API Priority and Fairness subsystem',
    labelNames: [...FLOW, 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { priorityLevel, flowSchema, rejected } of everyFlow(control)) {
        for (const [reason, count] of Object.entries(rejected))
          if (count > 0) this.inc({ priority_level: priorityLevel, flow_schema: flowSchema, reason }, count);
      }
    },
  });
}
