import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { parseOwned, type StoredObject } from '@binnacle/server-storage';

/** Bytes of the bodies whose objects are kept; parsed they take about four times as much. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Stored objects that were parsed lately, without their managed fields. States never change, so what was read of one is true as
 * long as anybody has it. The oldest go first.
 */
export class RecentlyRead {
  private readonly objects = new Map<StoredObject, UnstructuredObject>();
  private bytes = 0;

  constructor(private readonly most = MOST_BYTES) {}

  /** The parsed object; it is shared and not to be changed. */
  get(stored: StoredObject): UnstructuredObject {
    return this.objects.get(stored) ?? this.read(stored);
  }

  private read(stored: StoredObject): UnstructuredObject {
    const { object } = parseOwned(stored);
    this.objects.set(stored, object);
    this.bytes += stored.body.length;
    for (const oldest of this.objects.keys()) {
      if (this.bytes <= this.most) break;
      this.objects.delete(oldest);
      this.bytes -= oldest.body.length;
    }
    return object;
  }
}
