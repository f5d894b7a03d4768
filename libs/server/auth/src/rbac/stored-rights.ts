import type { ClusterRole, PolicyRule, RoleBinding, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import { quote } from '@binnacle/machinery-meta';
import { parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';

const GROUP = 'rbac.authorization.k8s.io';

/** Rules, and what is known of the role that has them. */
export interface HeldRole {
  readonly rules: readonly PolicyRule[];
}

/** A role by its name. */
export interface NamedRole extends HeldRole {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
}

/** What binds subjects to a role. */
export interface HeldBinding {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly name: string;
  /** Empty for what holds in the whole cluster. */
  readonly namespace: string;
  readonly roleKind: string;
  readonly roleName: string;
  readonly subjects: readonly Subject[];
}

const roles = new WeakMap<StoredObject, HeldRole>();
const bindings = new WeakMap<StoredObject, HeldBinding>();

function remembered<T>(memory: WeakMap<StoredObject, T>, stored: StoredObject, make: () => T): T {
  let known = memory.get(stored);
  if (!known) memory.set(stored, (known = make()));
  return known;
}

function readRole(stored: StoredObject): HeldRole {
  return remembered(roles, stored, () => ({ rules: (parseBody(stored) as unknown as ClusterRole).rules ?? [] }));
}

function readBinding(stored: StoredObject): HeldBinding {
  return remembered(bindings, stored, () => {
    const { name, namespace } = stored.key;
    const { roleRef, subjects = [] } = parseBody(stored) as unknown as RoleBinding;
    const kind = namespace ? 'RoleBinding' : 'ClusterRoleBinding';
    return { kind, name, namespace, roleKind: roleRef.kind, roleName: roleRef.name, subjects };
  });
}

/** The name of the user that a subject is; undefined for a group. */
export function userOf({ kind, name, namespace }: Subject, bindingNamespace: string): string | undefined {
  if (kind === 'User') return name;
  const place = namespace || bindingNamespace;
  return kind === 'ServiceAccount' && place ? `system:serviceaccount:${place}:${name}` : undefined;
}

/** `ServiceAccount "builder/ci"`, as upstream says it. */
export function subjectText({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  return `${kind} ${quote(kind === 'ServiceAccount' ? `${name}/${namespace || bindingNamespace}` : name)}`;
}

/** Which binding gives a subject which role, as upstream says it. */
export function sourceText({ kind, name, namespace, roleKind, roleName }: HeldBinding, subject: Subject): string {
  const binding = namespace ? `${name}/${namespace}` : name;
  return `${kind} ${quote(binding)} of ${roleKind} ${quote(roleName)} to ${subjectText(subject, namespace)}`;
}

/** The roles and bindings of one logical cluster, as they were at one moment. */
export class StoredRights {
  private constructor(
    private readonly clusterRoles: ReadonlyMap<string, StoredObject>,
    private readonly namespaceRoles: ReadonlyMap<string, StoredObject>,
    /** Those of the whole cluster first. */
    readonly bindings: readonly HeldBinding[],
  ) {}

  /** Undefined where nothing is known of the cluster. */
  static peek(source: Pick<StorageReader, 'peekAll'>, cluster: string): StoredRights | undefined {
    const all = (plural: string) => source.peekAll({ cluster, resource: `${GROUP}/${plural}` });
    const [clusterRoles, wide, roles, narrow] = [
      all('clusterroles'),
      all('clusterrolebindings'),
      all('roles'),
      all('rolebindings'),
    ];
    if (!clusterRoles || !wide || !roles || !narrow) return undefined;
    return new StoredRights(
      new Map(clusterRoles.map((stored) => [stored.key.name, stored])),
      new Map(roles.map((stored) => [`${stored.key.namespace}/${stored.key.name}`, stored])),
      [...wide, ...narrow].map(readBinding),
    );
  }

  /** The rules of what is bound; a text, as upstream has it, where there is no such role. */
  rulesOf({ roleKind, roleName, namespace }: HeldBinding): readonly PolicyRule[] | string {
    if (roleKind === 'ClusterRole') {
      const stored = this.clusterRoles.get(roleName);
      return stored ? readRole(stored).rules : `clusterrole.${GROUP} ${quote(roleName)} not found`;
    }
    if (roleKind !== 'Role') return `unsupported role reference kind: ${quote(roleKind)}`;
    const stored = this.namespaceRoles.get(`${namespace}/${roleName}`);
    return stored ? readRole(stored).rules : `role.${GROUP} ${quote(roleName)} not found`;
  }

  /** The roles that can be bound in a namespace; those of the whole cluster for the empty one. */
  rolesIn(namespace: string): readonly NamedRole[] {
    const named = (kind: NamedRole['kind']) => (stored: StoredObject) => ({
      kind,
      name: stored.key.name,
      rules: readRole(stored).rules,
    });
    const narrow = [...this.namespaceRoles.values()].filter(({ key }) => namespace && key.namespace === namespace);
    return [...[...this.clusterRoles.values()].map(named('ClusterRole')), ...narrow.map(named('Role'))];
  }
}
