import { newBadRequest } from '@binnacle/machinery-meta';
import type { Scope } from '@binnacle/server-storage';
import { SLOT_MILLISECONDS, SLOTS } from './usage-ring.js';

/** What a series is to be. */
export interface UsageWindow {
  /** As it was asked for. */
  readonly window: string;
  readonly step: string;
  /** How many steps there are, and of how many slots each. */
  readonly steps: number;
  readonly slots: number;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const DURATION = /^([1-9]\d{0,3})([smh])$/;
const DEFAULTS = { window: '15m', step: '60s' };

function slotsOf(field: 'window' | 'step', text: string): number {
  const [, count = '', unit = ''] = DURATION.exec(text) ?? [];
  const slots = (Number(count) * (UNITS[unit] ?? Number.NaN)) / SLOT_MILLISECONDS;
  if (Number.isInteger(slots) && slots >= 1 && slots <= SLOTS) return slots;
  throw newBadRequest(
    `${field}=${text.slice(0, 50)}: not a number of quarters of a minute within an hour, such as 15m`,
  );
}

/** Reads what a scope asks for. Throws BadRequest for what is no such time. */
export function usageWindow({ equal = {} }: Pick<Scope, 'equal'>): UsageWindow {
  const { window = DEFAULTS.window, step = DEFAULTS.step } = equal;
  const slots = slotsOf('step', step);
  const steps = Math.ceil(slotsOf('window', window) / slots);
  return { window, step, steps, slots };
}
