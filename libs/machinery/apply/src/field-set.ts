import { newBadRequest } from '@binnacle/machinery-meta';
import { isJsonObject, type JsonObject, setMember } from '@binnacle/machinery-patch';
import { parseElement, type PathElement, printElement } from './path-element.js';

type Children = ReadonlyMap<PathElement, FieldSet>;

const NO_CHILDREN: Children = new Map();

/** A set of paths into an object, as a tree. Sets are never changed: operations answer new ones that share parts. */
export class FieldSet {
  static readonly empty = new FieldSet(false, NO_CHILDREN);
  static readonly self = new FieldSet(true, NO_CHILDREN);

  private constructor(
    /** True where the path that leads here is in the set itself. */
    readonly member: boolean,
    readonly children: Children,
  ) {}

  /** Drops branches in which nothing is left. */
  static of(member: boolean, children: Iterable<readonly [PathElement, FieldSet]>): FieldSet {
    const kept = new Map([...children].filter(([, child]) => !child.isEmpty));
    if (kept.size === 0) return member ? FieldSet.self : FieldSet.empty;
    return new FieldSet(member, kept);
  }

  /** One path alone. */
  static at(...path: readonly PathElement[]): FieldSet {
    return path.reduceRight((set, element) => FieldSet.of(false, [[element, set]]), FieldSet.self);
  }

  get isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  child(element: PathElement): FieldSet {
    return this.children.get(element) ?? FieldSet.empty;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    return this.combine(other, this.member || other.member, (mine, theirs) => mine.union(theirs));
  }

  intersection(other: FieldSet): FieldSet {
    return this.combine(other, this.member && other.member, (mine, theirs) => mine.intersection(theirs));
  }

  /** The paths of this set that are not in the other. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.combine(other, this.member && !other.member, (mine, theirs) => mine.difference(theirs));
  }

  /** This set without a branch: whatever begins with the path goes. */
  without(path: readonly PathElement[]): FieldSet {
    const [first, ...rest] = path;
    if (first === undefined) return FieldSet.empty;
    if (!this.children.has(first)) return this;
    const children = new Map(this.children).set(first, this.child(first).without(rest));
    return FieldSet.of(this.member, children);
  }

  equals(other: FieldSet): boolean {
    const sameSize = this.member === other.member && this.children.size === other.children.size;
    return sameSize && [...this.children].every(([element, child]) => child.equals(other.child(element)));
  }

  /** Every path of the set in order, printed: `.spec.containers[name="web"].image`. */
  paths(prefix = ''): string[] {
    const elements = [...this.children.keys()].sort();
    const below = elements.flatMap((element) => this.child(element).paths(prefix + printElement(element)));
    return this.member && prefix !== '' ? [prefix, ...below] : below;
  }

  toJson(): JsonObject {
    const json: JsonObject = {};
    if (this.member && this.children.size > 0) json['.'] = {};
    for (const element of [...this.children.keys()].sort()) setMember(json, element, this.child(element).toJson());
    return json;
  }

  /** @throws StatusError BadRequest where it is no FieldsV1. */
  static fromJson(json: unknown): FieldSet {
    return fromJson(json, false);
  }

  private combine(other: FieldSet, member: boolean, operate: (mine: FieldSet, theirs: FieldSet) => FieldSet): FieldSet {
    const elements = new Set([...this.children.keys(), ...other.children.keys()]);
    const children = [...elements].map(
      (element) => [element, operate(this.child(element), other.child(element))] as const,
    );
    return FieldSet.of(member, children);
  }
}

function fromJson(json: unknown, nested: boolean): FieldSet {
  if (!isJsonObject(json)) throw newBadRequest('metadata.managedFields: fieldsV1 must be an object');
  const entries = Object.entries(json).filter(([key]) => key !== '.');
  const member = nested && (entries.length === 0 || Object.hasOwn(json, '.'));
  return FieldSet.of(
    member,
    entries.map(([key, value]) => [parseElement(key), fromJson(value, true)] as const),
  );
}
