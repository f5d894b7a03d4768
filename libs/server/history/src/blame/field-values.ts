import { joinPath, keyOfElements, LEFT_OUT, membersOf } from '../changes/changed-fields.js';

/** Fields looked at of one state, and how deep. */
const MOST_VALUES = 20_000;
const DEEPEST = 100;

/** Of the store's making, and not of anybody's. */
const OURS: readonly string[] = [...LEFT_OUT, 'metadata.resourceVersion'];

class Reading {
  readonly values = new Map<string, string>();
  private left = MOST_VALUES;

  read(value: unknown, path: string, depth: number): void {
    if (OURS.includes(path) || this.left <= 0) return;
    this.left -= 1;
    const isBranch = typeof value === 'object' && value !== null && depth < DEEPEST;
    const members = isBranch ? this.membersOf(value) : [];
    if (members.length === 0) this.values.set(path, JSON.stringify(value) ?? '');
    for (const [name, member] of members)
      this.read(member, Array.isArray(value) ? `${path}[${name}]` : joinPath(path, name), depth + 1);
  }

  private membersOf(value: object): [string, unknown][] {
    const keyed = Array.isArray(value) ? keyOfElements(value, value) : undefined;
    return Object.entries(membersOf(value, keyed));
  }
}

/** Every field of a state that has no fields of its own, by its path, and its value as JSON. Bounded. */
export function fieldValues(object: object): ReadonlyMap<string, string> {
  const reading = new Reading();
  reading.read(object, '', 0);
  return reading.values;
}
