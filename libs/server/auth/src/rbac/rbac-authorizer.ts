import type { Context, Soon } from '@binnacle/machinery-context';
import type { ResourceListening, StorageReader } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from '../authorizer.js';
import type { UserInfo } from '../user-info.js';
import { BindingIndex } from './bound-rights.js';
import { RBAC_RESOURCES, type RightsChanges, StoredRightsChanges } from './rights-changes.js';
import type { RightsMarks } from './rights-mark.js';
import type { ResolvedRules, RuleResolver, RulesPlace } from './rule-resolver.js';
import { StoredRights } from './stored-rights.js';
import { UserRights } from './user-rights.js';

/** Where roles and bindings are read, and who tells of changes to them. */
export type RightsSource = Pick<StorageReader, 'list' | 'peekAll' | 'sizeOf'> & Partial<ResourceListening>;

/** Of one user, that are told or compared: each of them is looked at several times. */
const MOST_RULES = 20_000;
const [A_RESOURCE = ''] = RBAC_RESOURCES;

/** What is known of one cluster's rights. */
class ClusterRights {
  private readonly index: BindingIndex;
  private users = new WeakMap<UserInfo, UserRights>();
  /** Whether something of them has changed. */
  private isOld = false;

  constructor(private current: StoredRights) {
    this.index = new BindingIndex(current);
  }

  get stored(): StoredRights {
    return this.current;
  }

  outdate(): void {
    this.isOld = true;
  }

  /** Looks at what has changed, if anything. False where nothing is known any more. */
  refresh(source: RightsSource, cluster: string): boolean {
    if (!this.isOld) return true;
    const stored = StoredRights.peek(source, cluster);
    if (!stored) return false;
    this.index.update(stored);
    this.users = new WeakMap();
    this.current = stored;
    this.isOld = false;
    return true;
  }

  markOf(user: UserInfo): string {
    return this.index.markOf(user);
  }

  of(user: UserInfo): UserRights {
    let rights = this.users.get(user);
    if (!rights) this.users.set(user, (rights = new UserRights(this.index.rightsOf(user))));
    return rights;
  }
}

/**
 * Decides by the roles and bindings of the logical cluster, from memory: what is known follows what the cache knows, at once, and
 * rests with it. Behaves as kubernetes plugin/pkg/auth/authorizer/rbac. What is refused across namespaces says where it is
 * allowed, and nothing of whether there is such a kind, nor whether its objects are in namespaces.
 */
export class RbacAuthorizer implements Authorizer, RuleResolver, RightsChanges, RightsMarks {
  private readonly known = new Map<string, ClusterRights>();
  private readonly changes: RightsChanges;

  constructor(private readonly source: RightsSource) {
    this.changes = new StoredRightsChanges(source, (cluster) => this.known.get(cluster)?.outdate());
    source.onForget?.((cluster) => this.known.delete(cluster));
  }

  onChange(cluster: string, listener: () => void): () => void {
    return this.changes.onChange(cluster, listener);
  }

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const known = this.peek(attributes.cluster);
    if (known) return known.of(attributes.user).decide(attributes);
    return this.load(ctx, attributes.cluster).then((rights) => rights.of(attributes.user).decide(attributes));
  }

  rulesFor(ctx: Context, user: UserInfo, { cluster, namespace }: RulesPlace): Soon<ResolvedRules> {
    const rulesOf = (rights: ClusterRights): ResolvedRules => {
      const { grants, errors } = rights.of(user).grantsIn(namespace);
      const rules = grants.slice(0, MOST_RULES).map(({ rule }) => rule);
      return { rules, errors: grants.length > MOST_RULES ? [...errors, `only ${MOST_RULES} rules are told`] : errors };
    };
    const known = this.peek(cluster);
    return known ? rulesOf(known) : this.load(ctx, cluster).then(rulesOf);
  }

  markOf(ctx: Context, user: UserInfo, cluster: string): Soon<string> {
    const known = this.peek(cluster);
    return known ? known.markOf(user) : this.load(ctx, cluster).then((rights) => rights.markOf(user));
  }

  /** The namespaces in which anything at all is bound to a user. */
  async boundNamespaces(ctx: Context, user: UserInfo, cluster: string): Promise<ReadonlySet<string>> {
    const rights = this.peek(cluster) ?? (await this.load(ctx, cluster));
    return new Set(rights.of(user).bound.byNamespace.keys());
  }

  /** All roles and bindings of a cluster as they are now. */
  async storedRights(ctx: Context, cluster: string): Promise<StoredRights> {
    return (this.peek(cluster) ?? (await this.load(ctx, cluster))).stored;
  }

  private peek(cluster: string): ClusterRights | undefined {
    const known = this.known.get(cluster);
    if (known && this.isKnown(cluster) && known.refresh(this.source, cluster)) return known;
    const stored = StoredRights.peek(this.source, cluster);
    if (stored) return this.remember(cluster, new ClusterRights(stored));
    this.known.delete(cluster);
    return undefined;
  }

  private async load(ctx: Context, cluster: string): Promise<ClusterRights> {
    await this.source.list(ctx, { cluster, resource: A_RESOURCE }, { revision: { at: 'any' }, limit: 1 });
    const known = this.peek(cluster);
    if (!known) throw new Error(`roles of the cluster ${JSON.stringify(cluster)} cannot be read`);
    return known;
  }

  /** A cache may have dropped the cluster meanwhile, and nobody tells of changes then; what is no cache drops nothing. */
  private isKnown(cluster: string): boolean {
    return !this.source.sizeOf || this.source.sizeOf(cluster, A_RESOURCE) !== undefined;
  }

  private remember(cluster: string, rights: ClusterRights): ClusterRights {
    this.known.set(cluster, rights);
    return rights;
  }
}
