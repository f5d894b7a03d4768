import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { parseOwned, type StoredObject } from '@binnacle/server-storage';

/** Bytes of the bodies whose objects are kept; parsed they take about four times as much. */
const MOST_BYTES = 8 * 1024 * 1024;

/** A row that was made of an object, and what it is true for. */
export interface PrintedRow {
  readonly definition: ResourceDefinition;
  /** What of the object it carries. */
  readonly form: string;
  readonly from: number;
  readonly until: number;
  readonly pieces: (string | Buffer)[];
}

/** The parsed object is shared and not to be changed. */
export interface Read {
  readonly object: UnstructuredObject;
  /** The last row that was made of it. */
  row?: PrintedRow;
}

/**
 * Stored objects that were parsed lately, without their managed fields. States never change, so what was read of one is true as
 * long as anybody has it. The oldest go first.
 */
export class RecentlyRead {
  private readonly objects = new Map<StoredObject, Read>();
  private bytes = 0;

  constructor(private readonly most = MOST_BYTES) {}

  get(stored: StoredObject): Read {
    return this.objects.get(stored) ?? this.read(stored);
  }

  private read(stored: StoredObject): Read {
    const read: Read = { object: parseOwned(stored).object };
    this.objects.set(stored, read);
    this.bytes += stored.body.length;
    for (const oldest of this.objects.keys()) {
      if (this.bytes <= this.most) break;
      this.objects.delete(oldest);
      this.bytes -= oldest.body.length;
    }
    return read;
  }
}
