import { equalJson, type JsonObject, setMember } from '@binnacle/machinery-patch';
import type { ApplyType } from './apply-type.js';
import type { PathElement } from './path-element.js';
import {
  asItems,
  asMembers,
  grouped,
  elementOf,
  knownMember,
  type ListShape,
  type MembersShape,
  shown,
} from './walk.js';

const isEmpty = (items: readonly unknown[] | undefined): boolean => items === undefined || items.length === 0;

/** The element on its own; where it is there twice nothing is merged with it. */
const alone = (items: readonly unknown[] | undefined): unknown => {
  if (items === undefined) return undefined;
  return items.length === 1 ? items[0] : null;
};

/** Puts a configuration's list over the live one. Port of the order of structured-merge-diff's visitListItems. */
class ListMerge {
  private readonly result: unknown[] = [];
  private readonly lives: ReadonlyMap<PathElement, readonly unknown[]>;
  private readonly wanteds: ReadonlyMap<PathElement, readonly unknown[]>;
  private readonly lefts: readonly PathElement[];
  private readonly rights: readonly PathElement[];
  private readonly taken = new Set<PathElement>();
  private readonly shared: readonly PathElement[];
  private sharedBefore = 0;
  private left = 0;
  private right = 0;

  constructor(
    private readonly live: readonly unknown[],
    wanted: readonly unknown[],
    private readonly type: ListShape,
  ) {
    this.lefts = live.map((item) => elementOf(item, type));
    this.rights = wanted.map((item) => elementOf(item, type));
    this.lives = grouped(live, this.lefts);
    this.wanteds = grouped(wanted, this.rights);
    this.shared = this.rights.filter((element) => this.lives.has(element));
  }

  /** The next that both have. */
  private get nextShared(): PathElement | undefined {
    return this.shared[this.sharedBefore];
  }

  run(): unknown[] {
    while (this.left < this.lefts.length || this.right < this.rights.length) {
      if (!this.takeLiveFirst()) this.takeWanted();
    }
    return this.result;
  }

  /** True where the step is done. */
  private takeLiveFirst(): boolean {
    if (this.left >= this.lefts.length) return false;
    const element = this.lefts[this.left] as PathElement;
    const wanted = this.rights[this.right];
    if (wanted === element) return this.takeBoth(element);
    const isWanted = this.wanteds.has(element);
    const awaitsOther = wanted !== undefined && this.nextShared !== undefined && this.nextShared !== element;
    if (isWanted && awaitsOther) return this.skip();
    if (!isWanted) return this.keep();
    if (this.taken.has(element)) this.left += 1;
    return false;
  }

  private takeBoth(element: PathElement): boolean {
    this.put(element, alone(this.lives.get(element)));
    this.left += 1;
    this.right += 1;
    this.sharedBefore += 1;
    return true;
  }

  private skip(): boolean {
    this.left += 1;
    return true;
  }

  private keep(): boolean {
    this.result.push(this.live[this.left]);
    return this.skip();
  }

  private takeWanted(): void {
    const element = this.rights[this.right];
    if (element === undefined) return;
    this.put(element, alone(this.lives.get(element)));
    this.right += 1;
    if (this.nextShared === element) this.sharedBefore += 1;
  }

  private put(element: PathElement, live: unknown): void {
    this.taken.add(element);
    const merged = mergeValues(live, alone(this.wanteds.get(element)), this.type.of);
    if (merged !== undefined) this.result.push(merged);
  }
}

function mergeItems(live: unknown, wanted: unknown, type: ListShape): unknown {
  const [lives, wanteds] = [asItems(live), asItems(wanted)];
  if (type.as === 'atomic' || (isEmpty(lives) && isEmpty(wanteds))) return wanted;
  if (equalJson(lives, wanteds)) return live;
  const merged = new ListMerge(lives ?? [], wanteds ?? [], type).run();
  return merged.length > 0 ? merged : undefined;
}

const hasNone = (members: JsonObject | undefined): boolean =>
  members === undefined || Object.keys(members).length === 0;

function mergeMembers(live: unknown, wanted: unknown, type: MembersShape): unknown {
  const [lives, wanteds] = [asMembers(live), asMembers(wanted)];
  if (type.atomic || (hasNone(lives) && hasNone(wanteds))) return wanted;
  if (wanteds === undefined) return live;
  const merged: JsonObject = { ...lives };
  for (const name of Object.keys(wanteds)) {
    const old = lives && Object.hasOwn(lives, name) ? lives[name] : undefined;
    setMember(merged, name, mergeValues(old, wanteds[name], knownMember(type, name).type));
  }
  return merged;
}

/**
 * The live value with what a configuration says put over it; parts of which it says nothing are the live ones themselves.
 * Behaves as sigs.k8s.io/structured-merge-diff typed Merge.
 */
export function mergeValues(live: unknown, wanted: unknown, type: ApplyType): unknown {
  if (wanted === undefined) return live;
  const is = shown(type, wanted === null ? live : wanted);
  switch (is.kind) {
    case 'scalar':
      return wanted;
    case 'list':
      return mergeItems(live, wanted, is);
    default:
      return mergeMembers(live, wanted, is);
  }
}
