/** Something measured at a time, in seconds since the epoch. */
export interface Point {
  readonly time: number;
  readonly value: number;
}

/** The points in runs between which nothing was measured: what is further apart than one and a half steps is not joined. */
export function runsOf(points: readonly Point[], step: number): Point[][] {
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && point.time - last.time <= step * 1.5) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** The point that was measured nearest to a time; its place among them. */
export function nearest(points: readonly Point[], time: number): number {
  let best = 0;
  for (const [at, point] of points.entries()) {
    if (Math.abs(point.time - time) < Math.abs((points[best]?.time ?? 0) - time)) best = at;
  }
  return best;
}
