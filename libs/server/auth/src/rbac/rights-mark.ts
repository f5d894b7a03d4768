import type { Context, Soon } from '@binnacle/machinery-context';
import type { UserInfo } from '../user-info.js';

/** Tells whether what is bound to somebody is still the same. */
export interface RightsMarks {
  /**
   * A text that is the same for as long as nobody has written a binding to the user, or to one of their groups, nor a role that is
   * bound so. It may be another although what they may do is the same, and says nothing to other replicas.
   */
  markOf(ctx: Context, user: UserInfo, cluster: string): Soon<string>;
}

const numbers = new WeakMap<object, number>();
let known = 0;

/** Each object is another number, for as long as it is there. */
function numberOf(one: object | string): number {
  if (typeof one === 'string') return 0;
  let number = numbers.get(one);
  if (number === undefined) numbers.set(one, (number = known += 1));
  return number;
}

/** Two different mixes of 32 bits each: what is bound in very many namespaces need not be kept to be compared. */
export class RightsMark {
  private a = 0x811c9dc5;
  private b = 0x9e3779b9;
  private count = 0;

  /** In the same order each time; a text stands for what is not there. */
  add(one: object | string): void {
    const number = numberOf(one);
    this.count += 1;
    this.a = Math.imul(this.a ^ number, 0x01000193) >>> 0;
    this.b = (Math.imul(this.b, 0x85ebca6b) + number + this.count) >>> 0;
  }

  get text(): string {
    return `${this.count}.${this.a.toString(36)}.${this.b.toString(36)}`;
  }
}
