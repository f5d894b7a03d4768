import type { UsageSeries } from '@binnacle/apis-kubernetes/usage/v1';
import { type Amounts, SLOT_MILLISECONDS, type UsageRing } from './usage-ring.js';
import type { UsageWindow } from './usage-window.js';

/** Of some rings together: in each step the sum of their means. `newest` is the last slot that counts. */
export function seriesOf(
  rings: readonly UsageRing[],
  { steps, slots }: UsageWindow,
  newest: number,
): Required<UsageSeries> {
  const series: Required<UsageSeries> = { times: [], usageNanoCores: [], workingSetBytes: [], pods: [] };
  const last = Math.floor(newest / slots);
  for (let step = last - steps + 1; step <= last; step += 1) {
    const first = step * slots;
    const sum = sumOf(rings, first, Math.min(slots, newest - first + 1));
    if (!sum) continue;
    series.times.push((first * SLOT_MILLISECONDS) / 1_000);
    series.usageNanoCores.push(Math.round(sum.nanoCores));
    series.workingSetBytes.push(Math.round(sum.bytes));
    series.pods.push(sum.count);
  }
  return series;
}

function sumOf(
  rings: readonly UsageRing[],
  first: number,
  count: number,
): (Amounts & { readonly count: number }) | undefined {
  const sum = { nanoCores: 0, bytes: 0, count: 0 };
  for (const ring of rings) {
    const mean = ring.mean(first, count);
    if (!mean) continue;
    sum.count += 1;
    sum.nanoCores += mean.nanoCores;
    sum.bytes += mean.bytes;
  }
  return sum.count > 0 ? sum : undefined;
}
