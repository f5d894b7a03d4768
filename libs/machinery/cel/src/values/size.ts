import { List } from './list.js';
import { CelMap } from './map.js';
import { isOpaque, Optional, type Value } from './value.js';
import type { Meter } from './work.js';

/** The size of a value that has one: characters, bytes, elements or entries. */
export function sizeOf(value: Value, meter: Meter): number | undefined {
  if (typeof value === 'string') return meter.charactersIn(value);
  if (value instanceof Uint8Array) return value.length;
  return value instanceof List || value instanceof CelMap ? value.size : undefined;
}

/** What a value counts as in costs: its size, or one. */
export function costSize(value: Value, meter: Meter): number {
  if (value instanceof Optional) return value.value === undefined ? 1 : costSize(value.value, meter);
  return sizeOf(value, meter) ?? (isOpaque(value) ? (value.costSize ?? 1) : 1);
}

const STRING_TRAVERSAL = 0.1;

/** What it costs to look at all of a value, as kubernetes apiserver pkg/cel/library counts it. */
export function traversalCost(value: Value): number {
  if (typeof value === 'string') return Math.trunc(utf8Length(value) * STRING_TRAVERSAL);
  if (value instanceof Uint8Array) return Math.trunc(value.length * STRING_TRAVERSAL);
  if (value instanceof List) return sum(value, traversalCost);
  if (value instanceof CelMap)
    return sum(value.keys(), (key) => traversalCost(key) + traversalCost(value.find(key) ?? null));
  return 1;
}

function sum(values: Iterable<Value>, cost: (value: Value) => number): number {
  let total = 0;
  for (const value of values) total += cost(value);
  return total;
}

export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) bytes += 1;
    // Each half of a pair counts two bytes of its four.
    if (code >= 0x800 && (code & 0xf800) !== 0xd800) bytes += 1;
  }
  return bytes;
}
