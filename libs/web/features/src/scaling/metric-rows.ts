import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { units } from '../objects/quantities.js';

interface Measure {
  readonly averageUtilization?: number;
  readonly averageValue?: unknown;
  readonly value?: unknown;
}

/** What an autoscaler follows: how much there is of it, and how much is wanted. */
export interface MetricRow {
  readonly name: string;
  /** `80%`, `100m avg`, `5`; empty where it is not known. */
  readonly now: string;
  readonly wanted: string;
  /** How much of what is wanted there is; undefined where either is not known. */
  readonly share: number | undefined;
}

function measureText(measure: Measure | undefined): string {
  const { averageUtilization, averageValue, value } = measure ?? {};
  if (averageUtilization !== undefined) return `${averageUtilization}%`;
  if (averageValue !== undefined) return `${String(averageValue)} avg`;
  return value === undefined ? '' : String(value);
}

/** In the measure in which the other is told. */
function amountOf(measure: Measure | undefined, like: Measure | undefined): number | undefined {
  for (const key of ['averageUtilization', 'averageValue', 'value'] as const) {
    if (like?.[key] === undefined) continue;
    const amount = measure?.[key];
    return amount === undefined ? undefined : units(String(amount));
  }
  return undefined;
}

const partOf = (metric: MetricSpec | MetricStatus) =>
  metric.resource ?? metric.containerResource ?? metric.pods ?? metric.object ?? metric.external;

/** What is measured, and of what. */
function metricName(metric: MetricSpec | MetricStatus): string {
  const { containerResource: inside, object } = metric;
  if (inside) return `${inside.name} of ${inside.container}`;
  if (object) return `${object.metric.name} of ${object.describedObject.kind}/${object.describedObject.name}`;
  const part = metric.resource ?? metric.pods ?? metric.external;
  if (!part) return metric.type;
  return 'metric' in part ? part.metric.name : part.name;
}

function rowOf(name: string, now: Measure | undefined, wanted: Measure | undefined): MetricRow {
  const [amount, target] = [amountOf(now, wanted), amountOf(wanted, wanted)];
  const share = amount === undefined || !target ? undefined : amount / target;
  return { name, now: measureText(now), wanted: measureText(wanted), share };
}

/** In the order in which the metrics are asked for. */
export function metricRows({ spec, status }: Partial<HorizontalPodAutoscaler>): MetricRow[] {
  const measured = new Map((status?.currentMetrics ?? []).map((metric) => [metricName(metric), partOf(metric)]));
  return (spec?.metrics ?? []).map((metric) => {
    const name = metricName(metric);
    const [wanted, now] = [partOf(metric), measured.get(name)];
    return rowOf(
      name,
      now && 'current' in now ? now.current : undefined,
      wanted && 'target' in wanted ? wanted.target : undefined,
    );
  });
}
