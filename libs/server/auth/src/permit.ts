import type { ResourceAct } from './act.js';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Decision } from './authorizer.js';
import { impersonateOn } from './impersonate-on.js';
import type { Holder } from './open/held-right.js';
import type { OpenRights } from './open/open-rights.js';
import { PRIVILEGED_GROUP, type UserInfo } from './user-info.js';
import { presentCluster } from '@binnacle/server-storage';

/** What an operation of the store is about. */
export interface ActedOn {
  /** As it was asked for: of the past, with its moment. */
  readonly cluster: string;
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  /** Empty for cluster-scoped objects, and for a list across namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
}

export type ActKind = 'read' | 'create' | 'update' | 'delete';

/** Asks whether the same caller may do another thing too. Throws or rejects with Forbidden. */
export type AskFor = (ctx: Context, attributes: AuthorizationAttributes) => Soon<Permit>;

/** Where what somebody was allowed can stay open for as long as they are. */
export interface PermitTerms {
  readonly open: Pick<OpenRights, 'hold' | 'sequence'>;
  /** Lists and watches across namespaces hold those that are allowed where not all are, now and later. */
  readonly narrows: boolean;
}

const NOTHING = (): void => undefined;

/** What each verb that was allowed does in the store. Any other does nothing there. */
const DOES: Readonly<Record<string, readonly ActKind[]>> = {
  get: ['read'],
  list: ['read'],
  watch: ['read'],
  create: ['create'],
  update: ['read', 'update'],
  patch: ['read', 'update'],
  delete: ['read', 'delete'],
  deletecollection: ['read', 'delete'],
};

/**
 * Proof that a caller was allowed something, which the store wants to see before it does it. It is made only of a decision, so
 * that whoever reaches the store for somebody has asked.
 */
export class Permit {
  /** Which revocations were known. */
  private readonly since: number;
  /** What it was found to allow besides. */
  private others: AuthorizationAttributes[] | undefined;

  private constructor(
    private readonly attributes: AuthorizationAttributes | undefined,
    /** Where a list or watch across namespaces was allowed in some of them only. */
    readonly namespaces: ReadonlySet<string> | undefined,
    private readonly ask: AskFor | undefined,
    private readonly terms: PermitTerms | undefined,
    /** When it has to be asked for again, milliseconds since the epoch; undefined where changes are told. */
    readonly until: number | undefined,
  ) {
    this.since = terms?.open.sequence ?? 0;
  }

  /** Of the server acting for itself. */
  static readonly unlimited = new Permit(undefined, undefined, undefined, undefined, undefined);

  /** @throws Error where the decision allows nothing: a refusal is told by whoever asked. */
  static of(
    attributes: AuthorizationAttributes,
    { allowed, namespaces, until }: Decision,
    ask?: AskFor,
    terms?: PermitTerms,
  ): Permit {
    if (!allowed && !(namespaces && isAcrossNamespaces(attributes))) throw new Error('a permit of a refusal');
    return new Permit(attributes, allowed ? undefined : namespaces, ask, terms, until);
  }

  /** Whether it is of a list or watch across namespaces which may hold others later. */
  get isNarrowable(): boolean {
    const { attributes, terms } = this;
    if (!attributes || !terms?.narrows || !isAcrossNamespaces(attributes)) return false;
    // Nobody takes anything from them.
    return !attributes.user.groups.includes(PRIVILEGED_GROUP);
  }

  /** Who was allowed it; undefined for the server itself. */
  get user(): UserInfo | undefined {
    return this.attributes?.user;
  }

  /**
   * Keeps what it allowed open until the returned call: the holder is told when it is allowed no more, or in other namespaces, also
   * of what has changed since it was allowed.
   */
  hold(holder: Holder): () => void {
    const { attributes, namespaces, ask, terms, since, others = [] } = this;
    if (!attributes || !ask || !terms) return NOTHING;
    const { user, cluster } = attributes;
    const all = [attributes, ...others, ...actsBehind([attributes, ...others], user)] as const;
    return terms.open.hold({ user, cluster, since, right: { attributes: all, namespaces, ask } }, holder);
  }

  /** @throws Error where this is not what was allowed, which is a fault of the caller's code and never a client's. */
  check(act: ActKind, on: ActedOn): void {
    if (!this.attributes || (covers(this.attributes, act, on) && this.reaches(on))) return;
    const what = `${act} ${on.group}/${on.resource} ${on.namespace}/${on.name} in ${on.cluster}`;
    throw new Error(`nobody asked whether ${this.attributes.user.name} may ${what}`);
  }

  /** The permit for the same, as it is now. Throws or rejects with Forbidden. */
  again(ctx: Context): Soon<Permit> {
    const { attributes, ask } = this;
    return attributes && ask ? ask(ctx, attributes) : this;
  }

  /** The permit for another verb at the same place. Throws or rejects with Forbidden. */
  also(ctx: Context, verb: string): Soon<Permit> {
    const { attributes, ask } = this;
    if (!attributes) return this;
    if (!ask) throw new Error(`nobody can be asked whether ${attributes.user.name} may ${verb}`);
    const other = { ...attributes, verb };
    return soon(ask(ctx, other), (permit) => {
      (this.others ??= []).push(other);
      return permit;
    });
  }

  /** What is across namespaces is narrowed by who reads it. */
  private reaches({ namespace }: ActedOn): boolean {
    return !this.namespaces || namespace === '' || this.namespaces.has(namespace);
  }
}

/** What must stay allowed for a user to be who they are, and to do something as that. */
function actsBehind(
  attributes: readonly AuthorizationAttributes[],
  { impersonator }: UserInfo,
): AuthorizationAttributes[] {
  if (!impersonator) return [];
  const { user, acts } = impersonator;
  return [...acts.map((act) => ({ ...act, user })), ...attributes.flatMap((each) => onAct(each) ?? [])];
}

/** The right to do something as somebody else, where each act has to be allowed; undefined where none has. */
export function onAct({ user, ...act }: AuthorizationAttributes): AuthorizationAttributes | undefined {
  const { impersonator } = user;
  if (impersonator?.onEachAct === undefined) return undefined;
  return {
    ...impersonateOn(impersonator.onEachAct, act),
    user: impersonator.user,
    cluster: presentCluster(act.cluster),
  };
}

/** Whether something is a list or watch of all namespaces, or of a kind that is in none. */
export function isAcrossNamespaces({ verb, resource }: AuthorizationAttributes): boolean {
  return resource !== undefined && resource.namespace === '' && (verb === 'list' || verb === 'watch');
}

function covers({ cluster, verb, resource }: AuthorizationAttributes, act: ActKind, on: ActedOn): boolean {
  if (cluster !== on.cluster || !resource) return false;
  if (resource.group !== on.group || resource.resource !== on.resource) return false;
  if (!isInside(resource, on) || !isNamed(resource, on)) return false;
  // What a subresource does to its object is its server's affair.
  if (resource.subresource) return true;
  return (DOES[verb] ?? []).includes(act);
}

/** Who may act on one object may do so on no other, and on no collection. */
function isNamed(asked: ResourceAct, { name }: ActedOn): boolean {
  return asked.name === '' || asked.name === name;
}

/** The namespace of a Namespace is itself to who asks, and none to who keeps it. */
function isInside(asked: ResourceAct, on: ActedOn): boolean {
  if (!asked.namespace || asked.namespace === on.namespace) return true;
  return on.namespace === '' && on.resource === 'namespaces' && asked.namespace === on.name;
}
