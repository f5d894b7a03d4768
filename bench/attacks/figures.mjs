/** Milliseconds at the median and the 99th percentile, and of how many. */
export function figuresOf(latencies) {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share) =>
    Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)) / 10;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
}
