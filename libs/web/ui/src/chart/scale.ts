/** What an axis counts in: tens, or powers of 1024 of which each again has tens. */
export type Counting = 'decimal' | 'binary';

const BINARY = 1024;
const NICE = [1, 2, 2.5, 5, 10];

function unitOf(size: number, counting: Counting): number {
  return counting === 'binary' && size > 0 ? BINARY ** Math.max(0, Math.floor(Math.log2(size) / 10)) : 1;
}

/** A round number at least as large as a step has to be. */
function niceStep(least: number, counting: Counting): number {
  const unit = unitOf(least, counting);
  const power = 10 ** Math.floor(Math.log10(least / unit));
  const nice = NICE.find((factor) => factor * power * unit >= least) ?? 10;
  return nice * power * unit;
}

/** Round numbers from 0 to at least `most`, as many as there is room for; of nothing at all 0 and 1. */
export function ticksOf(most: number, room: number, counting: Counting): number[] {
  const step = most > 0 ? niceStep(most / Math.max(1, room), counting) : 1;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

const MINUTE = 60;
const EVERY = [1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE);

/** Round times between two, in seconds since the epoch, no more than there is room for. */
export function timesOf(from: number, to: number, room: number): number[] {
  const every = EVERY.find((seconds) => (to - from) / seconds <= room) ?? 60 * MINUTE;
  const times: number[] = [];
  for (let time = Math.ceil(from / every) * every; time <= to; time += every) times.push(time);
  return times;
}
