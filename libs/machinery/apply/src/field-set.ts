import { newBadRequest } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { compareElements, parseElement, type PathElement, printElement } from './path-element.js';
import { Recent } from './recent.js';

type Branch = readonly [PathElement, FieldSet];

const NONE: readonly never[] = [];
/** Elements that are found sooner by looking at each. */
const FEW = 16;
const byElement = ([left]: Branch, [right]: Branch): number => compareElements(left, right);

/** What a set is read of, and the text it is written as, by that text: objects that are alike share their sets. */
const sets = new Recent<FieldSet>(4 * 1024 * 1024);

const PLAIN = /^[\w ./:@-]*$/;
const quoted = (element: PathElement): string => (PLAIN.test(element) ? `"${element}"` : JSON.stringify(element));

/** A set of paths into an object, as a tree. Sets are never changed: operations answer new ones that share parts. */
export class FieldSet {
  static readonly empty = new FieldSet(false, NONE, NONE);
  static readonly self = new FieldSet(true, NONE, NONE);
  private written: string | undefined;
  private nested: string | undefined;
  private positions: Map<PathElement, number> | undefined;

  /** Children stand in the order of their elements and are not empty. */
  private constructor(
    /** True where the path that leads here is in the set itself. */
    readonly member: boolean,
    readonly elements: readonly PathElement[],
    readonly children: readonly FieldSet[],
  ) {}

  /** Drops branches in which nothing is left. Of two branches of one element the first counts. */
  static of(member: boolean, branches: readonly Branch[]): FieldSet {
    const kept = branches.filter(([, child]) => !child.isEmpty);
    if (kept.length > 1) kept.sort(byElement);
    const builder = new Builder();
    for (const [element, child] of kept) if (element !== builder.last) builder.add(element, child);
    return builder.build(member);
  }

  /** Children must stand in order, without empty ones. */
  static ordered(member: boolean, elements: readonly PathElement[], children: readonly FieldSet[]): FieldSet {
    if (elements.length > 0) return new FieldSet(member, elements, children);
    return member ? FieldSet.self : FieldSet.empty;
  }

  /** One path alone. */
  static at(...path: readonly PathElement[]): FieldSet {
    return path.reduceRight((set, element) => FieldSet.of(false, [[element, set]]), FieldSet.self);
  }

  /** @throws StatusError BadRequest where it is no FieldsV1. */
  static fromJson(json: unknown): FieldSet {
    return fromJson(json, false);
  }

  /**
   * Reads a set from the text it was written as.
   * @throws StatusError BadRequest where it is no FieldsV1.
   */
  static fromText(text: string): FieldSet {
    const known = sets.find(text);
    if (known) return known;
    const set = FieldSet.fromJson(JSON.parse(text));
    // Kept by a text of its own: the one given may be a part of a much larger one.
    return sets.get(set.text, () => set);
  }

  get isEmpty(): boolean {
    return !this.member && this.elements.length === 0;
  }

  /** The JSON text of FieldsV1. */
  get text(): string {
    return (this.written ??= this.write());
  }

  child(element: PathElement): FieldSet {
    return this.children[this.positionOf(element)] ?? FieldSet.empty;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    return merge(this, other, this.member || other.member, UNION);
  }

  intersection(other: FieldSet): FieldSet {
    if (other === this) return this;
    if (this.isEmpty || other.isEmpty) return FieldSet.empty;
    return merge(this, other, this.member && other.member, INTERSECTION);
  }

  /** The paths of this set that are not in the other. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return merge(this, other, this.member && !other.member, DIFFERENCE);
  }

  /** This set without a branch: whatever begins with the path goes. */
  without(path: readonly PathElement[]): FieldSet {
    const [first, ...rest] = path;
    if (first === undefined) return FieldSet.empty;
    const old = this.child(first);
    const next = old.without(rest);
    return next === old ? this : this.with(first, next);
  }

  equals(other: FieldSet): boolean {
    return this === other || (this.member === other.member && this.text === other.text);
  }

  /** Every path of the set, printed: `.spec.containers[name="web"].image`. Of one parent first those that are whole. */
  paths(prefix = ''): string[] {
    const named = this.elements.map((element) => prefix + printElement(element));
    const members = named.filter((_, at) => this.children[at]?.member);
    return [...members, ...this.children.flatMap((child, at) => child.paths(named[at]))];
  }

  toJson(): JsonObject {
    return JSON.parse(this.text) as JsonObject;
  }

  /** This set with other children: those that become empty go. */
  mapChildren(member: boolean, change: (child: FieldSet, element: PathElement) => FieldSet): FieldSet {
    const builder = new Builder();
    for (const [at, element] of this.elements.entries())
      builder.add(element, change(this.children[at] as FieldSet, element));
    return builder.build(member, this);
  }

  /** -1 where it is not there. Large sets are asked for each of their elements. */
  private positionOf(element: PathElement): number {
    if (this.elements.length <= FEW) return this.elements.indexOf(element);
    this.positions ??= new Map(this.elements.map((each, at) => [each, at]));
    return this.positions.get(element) ?? -1;
  }

  private with(element: PathElement, child: FieldSet): FieldSet {
    return this.mapChildren(this.member, (old, at) => (at === element ? child : old));
  }

  /** The same as a part of another set, where it also says whether it is a member of that itself. */
  private get inner(): string {
    if (!this.member || this.elements.length === 0) return this.text;
    return (this.nested ??= `{".":{},${this.text.slice(1)}`);
  }

  private write(): string {
    let text = '';
    for (let at = 0; at < this.elements.length; at += 1) {
      const comma = at === 0 ? '' : ',';
      text += `${comma}${quoted(this.elements[at] as string)}:${(this.children[at] as FieldSet).inner}`;
    }
    return `{${text}}`;
  }
}

/** Gathers children that come in order. */
class Builder {
  private readonly elements: PathElement[] = [];
  private readonly children: FieldSet[] = [];

  get last(): PathElement | undefined {
    return this.elements[this.elements.length - 1];
  }

  add(element: PathElement, child: FieldSet): void {
    if (child.isEmpty) return;
    this.elements.push(element);
    this.children.push(child);
  }

  /** The set; `like` itself where it has come out the same. */
  build(member: boolean, like?: FieldSet): FieldSet {
    if (like && member === like.member && this.isLike(like)) return like;
    return FieldSet.ordered(member, this.elements, this.children);
  }

  private isLike({ children }: FieldSet): boolean {
    return this.children.length === children.length && this.children.every((child, at) => child === children[at]);
  }
}

/** What becomes of a branch that both sets have, or only this one, or only the other. */
interface Merge {
  both(mine: FieldSet, theirs: FieldSet): FieldSet;
  readonly keepsMine: boolean;
  readonly keepsTheirs: boolean;
}

const UNION: Merge = { both: (mine, theirs) => mine.union(theirs), keepsMine: true, keepsTheirs: true };
const INTERSECTION: Merge = {
  both: (mine, theirs) => mine.intersection(theirs),
  keepsMine: false,
  keepsTheirs: false,
};
const DIFFERENCE: Merge = { both: (mine, theirs) => mine.difference(theirs), keepsMine: true, keepsTheirs: false };

/** Goes through the branches of both sets in order. What equals the first set is that very set. */
function merge(mine: FieldSet, theirs: FieldSet, member: boolean, rule: Merge): FieldSet {
  const builder = new Builder();
  let [left, right] = [0, 0];
  while (left < mine.elements.length || right < theirs.elements.length) {
    const order = orderAt(mine.elements[left], theirs.elements[right]);
    const [own, other] = [mine.children[left] as FieldSet, theirs.children[right] as FieldSet];
    const element = (order <= 0 ? mine.elements[left] : theirs.elements[right]) as PathElement;
    if (order === 0) builder.add(element, rule.both(own, other));
    else if (order < 0 ? rule.keepsMine : rule.keepsTheirs) builder.add(element, order < 0 ? own : other);
    if (order <= 0) left += 1;
    if (order >= 0) right += 1;
  }
  return builder.build(member, mine);
}

function orderAt(left: PathElement | undefined, right: PathElement | undefined): number {
  if (left === undefined) return 1;
  return right === undefined ? -1 : compareElements(left, right);
}

function fromJson(json: unknown, nested: boolean): FieldSet {
  if (!isJsonObject(json)) throw newBadRequest('metadata.managedFields: fieldsV1 must be an object');
  const branches = Object.entries(json).flatMap(([key, value]): Branch[] => {
    const element = key === '.' ? undefined : parseElement(key);
    return element === undefined ? [] : [[element, fromJson(value, true)]];
  });
  const member = nested && (branches.length === 0 || Object.hasOwn(json, '.'));
  return FieldSet.of(member, branches);
}
