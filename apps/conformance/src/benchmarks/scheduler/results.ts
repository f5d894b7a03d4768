import { medians, rounded } from '../turns/cost.js';
import type { Side } from '../turns/worker.js';
import type { Turn } from './play.js';

/** Medians over the rounds. */
export interface Result {
  readonly ours?: Turn;
  readonly theirs?: Turn;
  /** Ours without what was to be weighed. */
  readonly plain?: Turn;
  /** How many times as many Pods a second ours binds. */
  readonly times?: number;
  /** How many times as much processor time a Pod takes with what was to be weighed, the API server's counted. */
  readonly costs?: number;
}

const cpuOf = ({ schedulerMillis, serverMillis }: Turn): number => schedulerMillis + serverMillis;

type Told<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Members that are there. */
const told = <T extends object>(members: T): Told<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Told<T>;

export function summaryOf(all: Readonly<Record<Side['name'], readonly Turn[]>>): Result {
  const [ours, theirs, plain] = [medians(all.ours), medians(all.theirs), medians(all.plain)];
  const other = theirs ?? plain;
  const times = ours && other && rounded(ours.podsPerSecond / other.podsPerSecond, plain ? 3 : 1);
  const costs = ours && plain && rounded(cpuOf(ours) / cpuOf(plain), 3);
  return told({ ours, theirs, plain, times, costs });
}

/** For a table a person reads. */
export function rowOf({ ours, theirs, plain, times, costs }: Result): Record<string, number | undefined> {
  return {
    'Pods/s': ours?.podsPerSecond,
    'CPU ms a Pod': ours?.schedulerMillis,
    'API server ms': ours?.serverMillis,
    'kube-scheduler Pods/s': theirs?.podsPerSecond,
    'its CPU ms': theirs?.schedulerMillis,
    'API server ms then': theirs?.serverMillis,
    ...(plain && {
      'without: Pods/s': plain.podsPerSecond,
      'CPU ms without': plain.schedulerMillis,
      'API server ms without': plain.serverMillis,
      costs,
    }),
    times,
  };
}
