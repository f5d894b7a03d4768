import { QuantityError, toMillis } from '@binnacle/machinery-quantity';
import type { Quantity } from '@binnacle/machinery-meta';

/** Cores or bytes; 0 for what cannot be read. */
export function units(quantity: Quantity | undefined): number {
  try {
    return quantity === undefined ? 0 : toMillis(quantity) / 1_000;
  } catch (error) {
    if (error instanceof QuantityError) return 0;
    throw error;
  }
}

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function short(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BINARY.length - 1);
  return `${short(bytes / 1024 ** power)} ${BINARY[power]}`;
}

export function formatCores(cores: number): string {
  return cores < 1 && cores > 0 ? `${Math.round(cores * 1_000)}m` : short(cores);
}
