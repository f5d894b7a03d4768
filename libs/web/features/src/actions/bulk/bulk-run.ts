import { type KubeObject, Store } from '@binnacle/web-data';
import { messageOf } from '../use-action.js';

/** How far one object has come. `tried`: the server would take the change; it has kept nothing. */
export type ItemState = 'waiting' | 'busy' | 'tried' | 'refused' | 'done' | 'failed';

export interface BulkItem<T> {
  readonly object: T;
  readonly state: ItemState;
  /** Why it was refused, in the server's words. */
  readonly message: string;
}

/** Does something to an object, or with `dryRun` only tries it. */
export type BulkAct<T> = (object: T, options: { readonly dryRun: boolean }) => Promise<unknown>;

/** Requests under way at a time. */
const MOST_AT_ONCE = 6;

/** One change to many objects: tried with all of them before it is made to any. */
export class BulkRun<T extends KubeObject> {
  readonly store: Store<readonly BulkItem<T>[]>;
  private stopped = false;

  constructor(
    objects: readonly T[],
    private readonly act: BulkAct<T>,
  ) {
    this.store = new Store(objects.map((object): BulkItem<T> => ({ object, state: 'waiting', message: '' })));
  }

  count(state: ItemState): number {
    return this.store.get().filter((item) => item.state === state).length;
  }

  /** The server tries each, and keeps nothing. True where it would take all of them. */
  async try(): Promise<boolean> {
    await this.each('waiting', true);
    return this.count('refused') === 0;
  }

  /** Makes the change to those that were tried and not refused. */
  async run(): Promise<void> {
    await this.each('tried', false);
  }

  /** Once more for those that failed. */
  async again(): Promise<void> {
    await this.each('failed', false);
  }

  /** What is under way goes on; nothing more is begun. */
  stop(): void {
    this.stopped = true;
  }

  private async each(state: ItemState, dryRun: boolean): Promise<void> {
    const waiting = this.store.get().filter((item) => item.state === state);
    const next = async () => {
      for (let item = waiting.shift(); item && !this.stopped; item = waiting.shift())
        await this.one(item.object, dryRun);
    };
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, next));
  }

  private async one(object: T, dryRun: boolean): Promise<void> {
    this.set(object, 'busy', '');
    try {
      await this.act(object, { dryRun });
      this.set(object, dryRun ? 'tried' : 'done', '');
    } catch (error) {
      this.set(object, dryRun ? 'refused' : 'failed', messageOf(error));
    }
  }

  private set(object: T, state: ItemState, message: string): void {
    this.store.set(this.store.get().map((item) => (item.object === object ? { object, state, message } : item)));
  }
}
