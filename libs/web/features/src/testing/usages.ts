import type { KubeObject } from '@binnacle/web-data';

interface Measured {
  readonly namespace?: string;
  readonly name: string;
  /** Thousandths of a core, from the oldest step to the newest, which is what is used now. */
  readonly millis: readonly number[];
  /** MiB, all the time. */
  readonly mebibytes?: number;
  readonly more?: object;
}

/** Of a list unless it is said. */
interface Series {
  readonly window?: string;
  readonly step?: string;
}

const MEBIBYTE = 1024 * 1024;

/** What is said of the use of a Pod, a Node or a workload. Its steps are minutes, the first at the beginning of 2026. */
export function usageObject(
  kind: 'PodUsage' | 'NodeUsage' | 'WorkloadUsage',
  { namespace, name, millis, mebibytes = 64, more = {} }: Measured,
  { window = '15m', step = '60s' }: Series = {},
): KubeObject {
  const from = Date.UTC(2026, 0, 1) / 1_000;
  return {
    apiVersion: 'usage.binnacle.dev/v1',
    kind,
    metadata: { name, ...(namespace && { namespace }) },
    window,
    step,
    timestamp: '2026-01-01T00:10:00Z',
    usage: { cpu: `${(millis.at(-1) ?? 0) * 1_000_000}n`, memory: `${mebibytes * 1024}Ki` },
    series: {
      times: millis.map((_, at) => from + at * Number.parseInt(step, 10)),
      usageNanoCores: millis.map((value) => value * 1_000_000),
      workingSetBytes: millis.map(() => mebibytes * MEBIBYTE),
    },
    ...more,
  } as KubeObject;
}
