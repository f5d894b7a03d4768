import type { PolicyRule, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { UserInfo } from '../user-info.js';
import { RightsMark } from './rights-mark.js';
import { type HeldBinding, sourceText, type StoredRights, userOf } from './stored-rights.js';

/** A rule somebody has, and by what. */
export interface Grant {
  readonly rule: PolicyRule;
  readonly binding: HeldBinding;
  readonly subject: Subject;
}

/** What somebody has of one place: the whole cluster, or a namespace. */
export interface Grants {
  readonly grants: readonly Grant[];
  /** Bindings to roles that are not there. */
  readonly errors: readonly string[];
}

/** Everything somebody has in one cluster. */
export interface BoundRights {
  readonly wide: Grants;
  /** Made when it is asked for, and not kept: whoever may bind in one namespace may bind very much, to everybody. */
  readonly byNamespace: ReadonlyMap<string, () => Grants>;
}

interface Bound {
  readonly binding: HeldBinding;
  readonly subject: Subject;
  /** Where the subject stands in it. */
  readonly place: number;
  /** What it gave last, the same for all whom it gives it to. */
  given?: { readonly rules: readonly PolicyRule[]; readonly grants: readonly Grant[] };
}

export const grantText = ({ binding, subject }: Grant): string => `RBAC: allowed by ${sourceText(binding, subject)}`;

/** Where bindings of one kind of subjects are found, by name. */
type Lists = Map<string, Bound[]>;

/**
 * Finds what is bound to whom without looking at everything. It follows changes by what has changed: somebody who writes a role
 * does not have others wait until all subjects of all bindings are listed again.
 */
export class BindingIndex {
  private readonly users: Lists = new Map();
  private readonly groups: Lists = new Map();
  /** Where each binding stands among all. */
  private order: ReadonlyMap<HeldBinding, number> = new Map();

  constructor(private stored: StoredRights) {
    this.update(stored);
  }

  /** Takes roles and bindings as they are now. Bindings that nobody wrote must be the same objects as before. */
  update(stored: StoredRights): void {
    const before = this.order;
    this.stored = stored;
    this.order = new Map(stored.bindings.map((binding, at) => [binding, at]));
    this.remove([...before.keys()].filter((binding) => !this.order.has(binding)));
    for (const binding of stored.bindings) if (!before.has(binding)) this.add(binding);
  }

  /** Everything that is bound to a user, or to one of their groups, in the order in which upstream asks. */
  rightsOf(user: UserInfo): BoundRights {
    return this.compile(this.boundTo(user));
  }

  /** The same text as before where nothing of that has changed. */
  markOf(user: UserInfo): string {
    const mark = new RightsMark();
    for (const { binding } of this.boundTo(user)) {
      mark.add(binding);
      mark.add(this.stored.rulesOf(binding));
    }
    return mark.text;
  }

  private boundTo({ name, groups }: UserInfo): Bound[] {
    const bound = new Map<HeldBinding, Bound>();
    const found = [this.users.get(name), ...groups.map((group) => this.groups.get(group))];
    for (const one of found.flatMap((list) => list ?? [])) note(bound, one);
    const at = ({ binding }: Bound): number => this.order.get(binding) ?? 0;
    return [...bound.values()].sort((a, b) => at(a) - at(b));
  }

  private compile(inOrder: readonly Bound[]): BoundRights {
    const byPlace = new Map<string, Bound[]>();
    for (const one of inOrder) listIn(byPlace, one.binding.namespace).push(one);
    const wide = this.grantsOf(byPlace.get('') ?? []);
    byPlace.delete('');
    return { wide, byNamespace: new Map([...byPlace].map(([place, bound]) => [place, () => this.grantsOf(bound)])) };
  }

  private grantsOf(bound: readonly Bound[]): Grants {
    const [grants, errors]: [Grant[], string[]] = [[], []];
    for (const one of bound) {
      const rules = this.stored.rulesOf(one.binding);
      if (typeof rules === 'string') errors.push(rules);
      else for (const grant of this.given(one, rules)) grants.push(grant);
    }
    return { grants, errors };
  }

  private given(bound: Bound, rules: readonly PolicyRule[]): readonly Grant[] {
    if (bound.given?.rules === rules) return bound.given.grants;
    const { binding, subject } = bound;
    const grants = rules.map((rule) => ({ rule, binding, subject }));
    bound.given = { rules, grants };
    return grants;
  }

  private add(binding: HeldBinding): void {
    for (const [place, subject] of binding.subjects.entries()) {
      const known = this.listsOf(binding, subject);
      if (known) listIn(known.lists, known.name).push({ binding, subject, place });
    }
  }

  /** Each list is looked through once, however many are gone that were in it. */
  private remove(bindings: readonly HeldBinding[]): void {
    const gone = new Set(bindings);
    const touched = new Map<Lists, Set<string>>();
    for (const binding of bindings) {
      for (const subject of binding.subjects) {
        const known = this.listsOf(binding, subject);
        if (known) namesIn(touched, known.lists).add(known.name);
      }
    }
    for (const [lists, names] of touched) for (const name of names) dropFrom(lists, name, gone);
  }

  private listsOf({ namespace }: HeldBinding, subject: Subject): { lists: Lists; name: string } | undefined {
    if (subject.kind === 'Group') return { lists: this.groups, name: subject.name };
    const name = userOf(subject, namespace);
    return name === undefined ? undefined : { lists: this.users, name };
  }
}

function namesIn(touched: Map<Lists, Set<string>>, lists: Lists): Set<string> {
  let names = touched.get(lists);
  if (!names) touched.set(lists, (names = new Set()));
  return names;
}

function dropFrom(lists: Lists, name: string, gone: ReadonlySet<HeldBinding>): void {
  const left = (lists.get(name) ?? []).filter(({ binding }) => !gone.has(binding));
  if (left.length > 0) lists.set(name, left);
  else lists.delete(name);
}

function listIn(lists: Map<string, Bound[]>, key: string): Bound[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}

/** Of several subjects of a binding that somebody is, the first gives the reason. */
function note(bound: Map<HeldBinding, Bound>, one: Bound): void {
  const known = bound.get(one.binding);
  if (!known || one.place < known.place) bound.set(one.binding, one);
}
