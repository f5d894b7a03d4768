import { parsing, POINTS } from '../cost/limits.js';
import type { ResourceStore } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import type { GraphqlRequest } from '../request.js';
import { Columns, type Values } from './columns.js';
import { type CompiledFilter, compileFilter, type Filter } from './filter.js';
import { compileSort, type CompiledSort, type SortableRow, type SortKey, sortInSteps } from './sort.js';

export interface Arrangement {
  readonly filter?: Filter | null;
  readonly sort?: readonly SortKey[] | null;
}

/** Bodies from here on are read with a pause after each column. */
const LARGE_BODY = 64 * 1024;

/** A filter and a sort over the objects of a kind, read for a page of them. */
export class Scan {
  private readonly columns: Columns;
  private readonly filter: CompiledFilter | undefined;
  private readonly sort: CompiledSort | undefined;

  /** @throws StatusError BadRequest for a filter or sort the kind cannot have. */
  constructor(
    private readonly request: GraphqlRequest,
    private readonly store: ResourceStore,
    { filter, sort }: Arrangement,
  ) {
    this.columns = new Columns(store.definition);
    this.filter = filter ? compileFilter(filter, this.columns) : undefined;
    this.sort = sort?.length ? compileSort(sort, this.columns) : undefined;
  }

  /** The rows that stay, in order. Of each row only what it is sorted by is kept. */
  async run(items: readonly StoredObject[]): Promise<readonly StoredObject[]> {
    const rows: SortableRow[] = [];
    for (const stored of items) {
      const values = await this.read(stored);
      if (this.filter && !this.filter.matches(values)) continue;
      rows.push({ stored, keys: this.sort?.keysOf(values) ?? [] });
    }
    const { sort } = this;
    if (!sort) return rows.map(({ stored }) => stored);
    const sorted = await sortInSteps(
      rows,
      (left, right) => sort.compare(left, right),
      (points) => this.work(points),
    );
    return sorted.map(({ stored }) => stored);
  }

  private work(points: number): Promise<void> | undefined {
    const { budget } = this.request;
    budget.charge(points);
    return budget.lane.step(points);
  }

  private async read(stored: StoredObject): Promise<Values> {
    const bytes = stored.body.length;
    const compared = this.columns.count + (this.filter?.conditions ?? 0);
    const pause = this.work(POINTS.row + parsing(bytes) + compared * POINTS.comparison);
    if (pause) await pause;
    const object = this.store.decode(stored);
    const values: (readonly unknown[])[] = [];
    for (let column = 0; column < this.columns.count; column += 1) {
      if (bytes > LARGE_BODY) await this.work(parsing(bytes));
      values.push(this.columns.read(object, column));
    }
    return values;
  }
}
