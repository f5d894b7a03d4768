import type { Clock } from '@binnacle/machinery-context';

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The machine's clock. Everything else is handed a `Clock`; only this file reads the time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delay, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delay), LONGEST_TIMEOUT));
    return () => clearTimeout(timer);
  },
};
