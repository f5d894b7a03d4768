import type { PolicyRule, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { UserInfo } from '../user-info.js';
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
  readonly byNamespace: ReadonlyMap<string, Grants>;
}

interface Bound {
  readonly binding: HeldBinding;
  readonly subject: Subject;
  /** Where the binding stands among all. */
  readonly at: number;
  /** Where the subject stands in it. */
  readonly place: number;
}

export const grantText = ({ binding, subject }: Grant): string => `RBAC: allowed by ${sourceText(binding, subject)}`;

/** Finds what is bound to whom without looking at everything. */
export class BindingIndex {
  private readonly users = new Map<string, Bound[]>();
  private readonly groups = new Map<string, Bound[]>();

  constructor(private readonly stored: StoredRights) {
    stored.bindings.forEach((binding, at) => {
      for (const [place, subject] of binding.subjects.entries()) this.add({ binding, subject, at, place });
    });
  }

  /** Everything that is bound to a user, or to one of their groups, in the order in which upstream asks. */
  rightsOf({ name, groups }: UserInfo): BoundRights {
    const bound = new Map<HeldBinding, Bound>();
    const found = [this.users.get(name), ...groups.map((group) => this.groups.get(group))];
    for (const one of found.flatMap((list) => list ?? [])) note(bound, one);
    return this.compile([...bound.values()].sort((a, b) => a.at - b.at));
  }

  private compile(inOrder: readonly Bound[]): BoundRights {
    const byPlace = new Map<string, Bound[]>();
    for (const one of inOrder) listIn(byPlace, one.binding.namespace).push(one);
    const wide = this.grantsOf(byPlace.get('') ?? []);
    byPlace.delete('');
    return { wide, byNamespace: new Map([...byPlace].map(([place, bound]) => [place, this.grantsOf(bound)])) };
  }

  private grantsOf(bound: readonly Bound[]): Grants {
    const [grants, errors]: [Grant[], string[]] = [[], []];
    for (const { binding, subject } of bound) {
      const rules = this.stored.rulesOf(binding);
      if (typeof rules === 'string') errors.push(rules);
      else for (const rule of rules) grants.push({ rule, binding, subject });
    }
    return { grants, errors };
  }

  private add(bound: Bound): void {
    const { binding, subject } = bound;
    if (subject.kind === 'Group') return void listIn(this.groups, subject.name).push(bound);
    const user = userOf(subject, binding.namespace);
    if (user !== undefined) listIn(this.users, user).push(bound);
  }
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
