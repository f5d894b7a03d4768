import type { ClusterRole, PolicyRule, RoleBinding } from '@binnacle/apis-kubernetes/rbac/v1';
import type { Soon } from '@binnacle/machinery-context';
import { newNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import {
  type Authorizer,
  compacted,
  listText,
  PRIVILEGED_GROUP,
  type RuleResolver,
  ruleText,
  uncovered,
} from '@binnacle/server-auth';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import { parseBody, type StorageReader } from '@binnacle/server-storage';
import type { AdmissionPlugin } from '../admission-chain.js';

const GROUP = 'rbac.authorization.k8s.io';
const EVERYTHING: PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Who decides what somebody may do, and by which rules. */
export interface Rights {
  readonly authorizer: Authorizer;
  readonly rules: RuleResolver;
}

/** What the garbage collector changes of an object, and what is kept of every change. */
function withoutUpkeep({ metadata, ...rest }: UnstructuredObject): object {
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...own } = metadata;
  const { resourceVersion: _revision, generation: _generation, ...kept } = own;
  return { ...rest, metadata: kept };
}

function isUpkeep({ object, old }: AdmissionAttributes): boolean {
  return object !== undefined && old !== undefined && semanticEqual(withoutUpkeep(object), withoutUpkeep(old));
}

/** Characters of what is told to be missing. */
const MOST_TOLD = 64 * 1024;

const lengthOf = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): number =>
  [verbs, apiGroups, resources, resourceNames, nonResourceURLs]
    .flatMap((list) => list ?? [])
    .reduce((sum, { length }) => sum + length + 4, 60);

/** What is missing, a line for each thing; of too much as much as can be told. */
function linesOf(missing: readonly PolicyRule[]): string[] {
  let length = 0;
  const end = missing.findIndex((rule) => (length += lengthOf(rule)) > MOST_TOLD);
  const told = end < 0 ? missing : missing.slice(0, end);
  const lines = [...new Set(compacted(told).map(ruleText))].sort();
  return end < 0 ? lines : [...lines, `and ${missing.length - end} others`];
}

const KINDS: ReadonlySet<string> = new Set(['Role', 'ClusterRole']);

/** What a role says, which may be nothing that is valid. */
const rulesIn = (role: unknown): PolicyRule[] =>
  ((role as Partial<ClusterRole> | undefined)?.rules ?? []).map((rule) => ({ ...rule, verbs: rule.verbs ?? [] }));

const gathers = (role: UnstructuredObject | undefined): boolean =>
  Boolean((role as ClusterRole | undefined)?.aggregationRule?.clusterRoleSelectors?.length);

/**
 * Lets nobody give away what they do not have, by writing a role or a binding: whoever does needs every right in it, or the
 * right to `escalate` roles or to `bind` that one. It is no rule of admission that could be left out. Behaves as kubernetes
 * pkg/registry/rbac policybased.
 */
export class EscalationCheck implements AdmissionPlugin {
  readonly name = 'RBACEscalation';

  constructor(
    private readonly storage: StorageReader,
    private readonly rights: Rights,
  ) {}

  /** Nobody waits for it who writes something else. It comes before it is looked at whether what is written is valid. */
  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { definition, operation, subresource } = attributes;
    if (definition.group !== GROUP || subresource || (operation !== 'CREATE' && operation !== 'UPDATE')) return;
    if (ctx.user.groups.includes(PRIVILEGED_GROUP) || isUpkeep(attributes)) return;
    const isBinding = definition.names.plural.endsWith('bindings');
    return isBinding ? this.checkBinding(ctx, attributes) : this.checkRole(ctx, attributes);
  }

  private async checkRole(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    const { definition, object, old, operation } = attributes;
    // Who asks to create something has not named it.
    const name = operation === 'CREATE' ? '' : attributes.name;
    if (await this.may(ctx, 'escalate', definition.names.plural, attributes.namespace, name)) return;
    await this.refuseMore(ctx, attributes, rulesIn(object));
    // Roles are gathered by labels, which anybody may give: that can be everything.
    if (!gathers(object) && !gathers(old)) return;
    const held = await this.rights.rules.rulesFor(ctx, ctx.user, { cluster: ctx.cluster, namespace: '' });
    if (uncovered(held.rules, EVERYTHING).length === 0) return;
    throw forbidden(definition, attributes.name, 'must have cluster-admin privileges to use the aggregationRule');
  }

  private async checkBinding(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    const { roleRef } = attributes.object as unknown as Partial<RoleBinding>;
    // Nothing is given by what can be no role, which is refused as that.
    if (!roleRef?.name || !KINDS.has(roleRef.kind)) return;
    const plural = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
    if (await this.may(ctx, 'bind', plural, attributes.namespace, roleRef.name)) return;
    const namespace = roleRef.kind === 'Role' ? attributes.namespace : '';
    const key = { cluster: ctx.cluster, resource: `${GROUP}/${plural}`, namespace, name: roleRef.name };
    const stored = await this.storage.get(ctx, key, { at: 'latest' });
    // Upstream's answer names the kind that was asked for.
    if (!stored) throw newNotFound({ group: GROUP, resource: attributes.definition.names.plural }, roleRef.name);
    await this.refuseMore(ctx, attributes, rulesIn(parseBody(stored)));
  }

  private async may(ctx: RequestContext, verb: string, plural: string, namespace: string, name: string) {
    const resource = { group: GROUP, version: '*', resource: plural, subresource: '', namespace, name };
    const { user, cluster } = ctx;
    return (await this.rights.authorizer.authorize(ctx, { user, cluster, verb, resource })).allowed;
  }

  private async refuseMore(ctx: RequestContext, attributes: AdmissionAttributes, wanted: PolicyRule[]): Promise<void> {
    const { user, cluster } = ctx;
    const { definition, namespace, name } = attributes;
    const { rules, errors } = await this.rights.rules.rulesFor(ctx, user, { cluster, namespace });
    const missing = uncovered(rules, wanted);
    if (missing.length === 0) return;
    const lines = linesOf(missing);
    const who = `user ${JSON.stringify(user.name)} (groups=${listText(user.groups)})`;
    const why = `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}`;
    const unresolved = errors.length > 0 ? `; resolution errors: [${errors.join(', ')}]` : '';
    throw forbidden(definition, name, `${why}${unresolved}`);
  }
}
