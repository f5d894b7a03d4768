import type { Act } from '../act.js';
import type { PolicyRule, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { WhoCanGrant, WhoCanStatus, WhoCanSubject } from '@binnacle/apis-kubernetes/who-can/v1';
import type { AuthorizationAttributes } from '../authorizer.js';
import { PRIVILEGED_GROUP } from '../user-info.js';
import { uncovered } from './covers.js';
import { Effort } from './effort.js';
import { policyRuleAllows } from './rule-matching.js';
import { type HeldBinding, type NamedRole, type StoredRights, subjectText } from './stored-rights.js';

const GROUP = 'rbac.authorization.k8s.io';
/** So many subjects are told. */
const MOST_SUBJECTS = 1_000;
/** And so many bindings of each. */
const MOST_BINDINGS = 20;

/** What somebody wants to know of whom. */
export type AskedAct = Omit<Act, 'cluster'>;

/** Which bindings who asks may list. */
export interface ListedBindings {
  readonly wide: boolean;
  /** Those of the namespace that is asked about. */
  readonly narrow: boolean;
}

const MASTERS: WhoCanSubject = { apiGroup: GROUP, kind: 'Group', name: PRIVILEGED_GROUP, by: [] };

/** They come first, whatever is bound to them. */
function withMasters(subjects: readonly WhoCanSubject[]): WhoCanSubject[] {
  const isMasters = ({ kind, name }: WhoCanSubject) => kind === MASTERS.kind && name === MASTERS.name;
  return [subjects.find(isMasters) ?? MASTERS, ...subjects.filter((subject) => !isMasters(subject))];
}

const grantOf = ({ kind, name, namespace, roleKind, roleName }: HeldBinding): WhoCanGrant => ({
  kind,
  name,
  ...(namespace && { namespace }),
  roleKind,
  roleName,
});

function asResource(verb: string, resource: string, namespace: string, name = ''): AskedAct {
  return { verb, resource: { group: GROUP, version: 'v1', resource, subresource: '', namespace, name } };
}

const allows = (rules: readonly PolicyRule[], act: AskedAct): boolean =>
  rules.some((rule) => policyRuleAllows(rule, act as AuthorizationAttributes));

/** A subject with everything that is bound to it by itself, and not to groups it may be a member of. */
interface Holder {
  readonly subject: Subject;
  readonly namespace: string;
  readonly bindings: Set<HeldBinding>;
}

/**
 * Finds who may do something by roles, and who could give the right to do it. Behaves as kubernetes plugin/pkg/auth/authorizer/rbac
 * SubjectLocator, and tells by which bindings. What Nodes may is decided otherwise, and not told.
 */
export class WhoCanFinder {
  private readonly namespace: string;
  private readonly holders: readonly Holder[];
  private readonly errors = new Set<string>();
  /** What is answered of a binding is the same for all who are bound by it. */
  private readonly allowing = new Map<AskedAct, Map<HeldBinding, boolean>>();
  private readonly effort = new Effort();
  private hasMoreBindings = false;
  private readonly writesNarrow: AskedAct;
  private readonly writesWide = asResource('create', 'clusterrolebindings', '');
  /** Those that give the right to it. */
  private readonly givingRoles: readonly NamedRole[];

  constructor(
    private readonly stored: StoredRights,
    private readonly act: AskedAct,
    private readonly listed: ListedBindings,
  ) {
    this.namespace = act.resource?.namespace ?? '';
    this.holders = this.findHolders();
    this.writesNarrow = asResource('create', 'rolebindings', this.namespace);
    this.givingRoles = stored.rolesIn(this.namespace).filter(({ rules }) => allows(rules, act));
  }

  find(): WhoCanStatus {
    const subjects = withMasters(this.holders.flatMap((holder) => this.told(holder, this.act)));
    const couldGrant = withMasters(
      this.holders.flatMap((holder) => (this.couldGrant(holder) ? this.writer(holder) : [])),
    );
    const { wide, narrow } = this.listed;
    const tooMany = Math.max(subjects.length, couldGrant.length) > MOST_SUBJECTS;
    const incomplete = !wide || (this.namespace !== '' && !narrow) || tooMany || this.isCutShort;
    return {
      subjects: subjects.slice(0, MOST_SUBJECTS),
      couldGrant: couldGrant.slice(0, MOST_SUBJECTS),
      incomplete,
      ...(this.errors.size > 0 && { evaluationError: [...this.errors].join(', ') }),
    };
  }

  private get isCutShort(): boolean {
    return this.errors.size > 0 || this.effort.isSpent || this.hasMoreBindings;
  }

  private isListed({ namespace }: HeldBinding): boolean {
    return namespace === '' ? this.listed.wide : this.listed.narrow && namespace === this.namespace;
  }

  private findHolders(): Holder[] {
    const holders = new Map<string, Holder>();
    for (const binding of this.stored.bindings) {
      if (!this.isListed(binding)) continue;
      for (const subject of binding.subjects) holderOf(holders, subject, binding.namespace).bindings.add(binding);
    }
    return [...holders.values()];
  }

  private rulesOf(binding: HeldBinding): readonly PolicyRule[] {
    const rules = this.stored.rulesOf(binding);
    if (typeof rules !== 'string') return rules;
    this.errors.add(rules);
    return [];
  }

  private allows(binding: HeldBinding, act: AskedAct): boolean {
    let known = this.allowing.get(act);
    if (!known) this.allowing.set(act, (known = new Map()));
    let answer = known.get(binding);
    if (answer === undefined) known.set(binding, (answer = allows(this.rulesOf(binding), act)));
    return answer;
  }

  /** The holder with the bindings by which they may do something; nothing where they may not. */
  private told({ subject, namespace, bindings }: Holder, act: AskedAct): WhoCanSubject[] {
    const by = [...bindings].filter((binding) => this.allows(binding, act));
    if (by.length === 0) return [];
    if (by.length > MOST_BINDINGS) this.hasMoreBindings = true;
    const { kind, name, apiGroup } = subject;
    const place = kind === 'ServiceAccount' ? { namespace: subject.namespace || namespace } : {};
    return [{ ...(apiGroup && { apiGroup }), kind, name, ...place, by: by.slice(0, MOST_BINDINGS).map(grantOf) }];
  }

  /** By what a holder writes bindings of the place, or of the whole cluster. */
  private writer(holder: Holder): WhoCanSubject[] {
    const narrow = this.namespace ? this.told(holder, this.writesNarrow) : [];
    return narrow.length > 0 ? narrow : this.told(holder, this.writesWide);
  }

  private couldGrant(holder: Holder): boolean {
    if (this.writer(holder).length === 0) return false;
    const rules = [...holder.bindings].map((binding) => this.rulesOf(binding));
    // Each is asked about a few things, and about each role that could be bound.
    this.effort.spend(rules.reduce((sum, { length }) => sum + length, 1) * (4 + this.givingRoles.length));
    if (this.effort.isSpent) return false;
    const held = rules.flat();
    return this.mayMakeRole(held) || this.mayBindRole(held);
  }

  /** With a role of their own making, which has what they have themselves, or anything. */
  private mayMakeRole(held: readonly PolicyRule[]): boolean {
    const may = (verb: string) =>
      allows(held, asResource(verb, 'clusterroles', '')) ||
      (this.namespace !== '' && allows(held, asResource(verb, 'roles', this.namespace)));
    return may('create') && (allows(held, this.act) || may('escalate'));
  }

  /** With a role that is there: one that they may bind, or whose rights they all have. */
  private mayBindRole(held: readonly PolicyRule[]): boolean {
    return this.givingRoles.some(({ kind, name, rules }) => {
      const plural = kind === 'Role' ? 'roles' : 'clusterroles';
      if (allows(held, asResource('bind', plural, this.namespace, name))) return true;
      return uncovered(held, rules, this.effort).length === 0;
    });
  }
}

function holderOf(holders: Map<string, Holder>, subject: Subject, namespace: string): Holder {
  const key = subjectText(subject, namespace);
  let holder = holders.get(key);
  if (!holder) holders.set(key, (holder = { subject, namespace, bindings: new Set() }));
  return holder;
}
