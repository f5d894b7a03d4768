import { Store } from '@binnacle/web-data';
import type { Drain } from './drain.js';

/** The drains of this page. They outlive whatever page within it began them, and end with it. */
export class DrainList {
  readonly store = new Store<readonly Drain[]>([]);

  /** A drain of a node takes the place of an earlier one of the same. */
  add(drain: Drain): void {
    const others = this.store.get().filter(({ node, cluster }) => node !== drain.node || cluster !== drain.cluster);
    this.store.set([...others, drain]);
    void drain.start();
  }

  remove(drain: Drain): void {
    drain.stop();
    this.store.set(this.store.get().filter((each) => each !== drain));
  }

  of(cluster: string, node: string): Drain | undefined {
    return this.store.get().find((each) => each.node === node && each.cluster === cluster);
  }
}

export const drains = new DrainList();
