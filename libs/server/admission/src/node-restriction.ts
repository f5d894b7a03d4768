import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { apiReference } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { ResourceClaim, ResourceSlice } from '@binnacle/apis-kubernetes/resource/v1';
import type { TokenRequest } from '@binnacle/apis-kubernetes/authentication/v1';
import { forbiddenLabels, modifiedLabels } from '@binnacle/apis-kubernetes/node-labels';
import { ANNOTATION_CONFIG_MIRROR, LABEL_NODE_ROLE_CONTROL_PLANE } from '@binnacle/apis-kubernetes/well-known';
import type { Soon } from '@binnacle/machinery-context';
import { newNotFound, type OwnerReference, quote } from '@binnacle/machinery-meta';
import { equalJson } from '@binnacle/machinery-patch';
import {
  agentProviderId,
  carriesClaim,
  claimOf,
  CONTROL_PLANE_NODES_GROUP,
  identityText,
  NodeGraph,
  type NodeIdentity,
  nodeIdentity,
  PRIVILEGED_GROUP,
} from '@binnacle/server-auth';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import { parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const LEASE_NAMESPACE = 'kube-node-lease';

interface Attempt {
  readonly ctx: RequestContext;
  readonly caller: NodeIdentity;
  /** The caller, as messages name it. */
  readonly who: string;
  readonly attributes: AdmissionAttributes;
}

/** What a kubelet must leave as it is on its own Node; where `only` is said, only what it names is refused. */
const NODE_FIELDS: ReadonlyArray<{
  readonly what: string;
  readonly read: (node: Node) => unknown;
  readonly only?: (value: unknown) => boolean;
}> = [
  {
    what: 'update configSource to a new non-nil configSource',
    read: ({ spec }) => spec?.configSource,
    only: (value) => Boolean(value),
  },
  { what: 'modify taints', read: ({ spec }) => spec?.taints ?? [] },
  { what: 'modify ownerReferences', read: ({ metadata }) => metadata.ownerReferences ?? [] },
];

const isNodeReference = ({ apiVersion, kind, name }: OwnerReference, node: string): boolean =>
  apiVersion === 'v1' && kind === 'Node' && name === node;

type Rule = (attempt: Attempt) => Soon<void>;

function refuse({ attributes: { definition, name } }: Attempt, why: string): never {
  throw forbidden(definition, name, why);
}

/** Keeps kubelets to their own Node, Pods and Lease. Behaves as kubernetes plugin/pkg/admission/noderestriction. */
export class NodeRestriction implements AdmissionPlugin {
  readonly name = 'NodeRestriction';
  private readonly graph: NodeGraph;
  private readonly rules: Readonly<Record<string, Rule>> = {
    '/pods': (attempt) => this.pod(attempt),
    '/nodes': (attempt) => this.node(attempt),
    '/persistentvolumeclaims': (attempt) => refuse(attempt, 'may only update PVC status'),
    '/serviceaccounts': (attempt) => this.token(attempt),
    'coordination.k8s.io/leases': (attempt) => this.lease(attempt),
    'resource.k8s.io/resourceslices': (attempt) => this.slice(attempt),
    'resource.k8s.io/resourceclaims': (attempt) => this.deviceStatus(attempt),
  };

  constructor(storage: StorageReader) {
    this.graph = new NodeGraph(storage);
  }

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const caller = nodeIdentity(ctx.user);
    if (!caller) return refuseForgedMirror(ctx, attributes);
    const attempt = { ctx, caller, who: identityText(caller), attributes };
    if (caller.name === '') refuse(attempt, `could not determine node from user ${quote(ctx.user.name)}`);
    const { group, names } = attributes.definition;
    return this.rules[`${group}/${names.plural}`]?.(attempt);
  }

  private pod(attempt: Attempt): Soon<void> {
    const { subresource, operation } = attempt.attributes;
    if (subresource === 'status') return this.podStatus(attempt);
    if (subresource === 'eviction') return this.eviction(attempt);
    if (subresource !== '')
      refuse(attempt, `unexpected pod subresource ${quote(subresource)}, only 'status' and 'eviction' are allowed`);
    if (operation === 'CREATE') return this.mirrorPod(attempt);
    if (operation === 'DELETE') return this.podDeletion(attempt);
    refuse(attempt, `unexpected operation ${quote(operation)}, ${attempt.who} can only create and delete mirror pods`);
  }

  private async mirrorPod(attempt: Attempt): Promise<void> {
    const { who, attributes } = attempt;
    const pod = attributes.object as unknown as Pod;
    if (pod.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] === undefined)
      refuse(
        attempt,
        `pod does not have ${quote(ANNOTATION_CONFIG_MIRROR)} annotation, ${who} can only create mirror pods`,
      );
    const nodeName = pod.spec?.nodeName ?? '';
    if (!(await this.carries(attempt, nodeName)))
      refuse(attempt, `${who} can only create pods with spec.nodeName set to itself`);
    await this.mirrorOwner(attempt, pod, nodeName);
    const reference = apiReference(pod);
    if (reference) refuse(attempt, `${who} can not create pods that reference ${reference}`);
  }

  private async mirrorOwner(attempt: Attempt, { metadata }: Pod, nodeName: string): Promise<void> {
    const { ctx, who } = attempt;
    const [owner, ...more] = metadata.ownerReferences ?? [];
    if (more.length > 0) refuse(attempt, `${who} can only create pods with a single owner reference set to itself`);
    if (!owner || !isNodeReference(owner, nodeName))
      refuse(attempt, `${who} can only create pods with an owner reference set to itself`);
    if (!owner.controller)
      refuse(attempt, `${who} can only create pods with a controller owner reference set to itself`);
    if (owner.blockOwnerDeletion) refuse(attempt, `${who} must not set blockOwnerDeletion on an owner reference`);
    const node = await this.graph.node(ctx, ctx.cluster, nodeName);
    if (!node) throw newNotFound({ group: '', resource: 'nodes' }, nodeName);
    const { uid = '' } = parseBody(node).metadata;
    if (owner.uid !== uid) refuse(attempt, `node ${nodeName} UID mismatch: expected ${owner.uid} got ${uid}`);
  }

  private async podDeletion(attempt: Attempt): Promise<void> {
    if (await this.isOwn(attempt)) return;
    refuse(attempt, `${attempt.who} can only delete pods with spec.nodeName set to itself`);
  }

  private async eviction(attempt: Attempt): Promise<void> {
    if (await this.isOwn(attempt)) return;
    refuse(attempt, `${attempt.who} can only evict pods with spec.nodeName set to itself`);
  }

  private async podStatus(attempt: Attempt): Promise<void> {
    const { who, attributes } = attempt;
    if (attributes.operation !== 'UPDATE') refuse(attempt, `unexpected operation ${quote(attributes.operation)}`);
    if (!(await this.isOwn(attempt)))
      refuse(attempt, `${who} can only update pod status for pods with spec.nodeName set to itself`);
    const [next, old] = [attributes.object, attributes.old] as unknown as [Pod, Pod];
    if (modifiedLabels(next.metadata.labels, old.metadata.labels).length > 0)
      refuse(attempt, `${who} cannot update labels through pod status`);
    if (!equalJson(next.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? []))
      refuse(attempt, `${who} cannot update resource claim statues`);
  }

  private node(attempt: Attempt): Soon<void> {
    const { operation } = attempt.attributes;
    if (operation === 'CREATE') return this.newNode(attempt);
    const old = attempt.attributes.old as unknown as Node;
    if (!carriesClaim(attempt.caller, claimOf(old))) this.refuseNode(attempt);
    if (operation === 'UPDATE') this.nodeUpdate(attempt, old);
  }

  private refuseNode(attempt: Attempt): never {
    refuse(attempt, `${attempt.who} is not allowed to modify node ${quote(attempt.attributes.name)}`);
  }

  private newNode(attempt: Attempt): void {
    const { caller, who, attributes } = attempt;
    const { metadata, spec } = attributes.object as unknown as Node;
    if (caller.kind === 'node' && attributes.name !== caller.name) this.refuseNode(attempt);
    const providerId = agentProviderId(caller.name, attributes.name);
    if (caller.kind === 'agent' && spec?.providerID !== providerId)
      refuse(attempt, `${who} can only create nodes with spec.providerID ${quote(providerId)}`);
    if (spec?.configSource) refuse(attempt, `${who} is not allowed to create pods with a non-nil configSource`);
    const labels = this.foreignLabels(attempt, modifiedLabels(metadata.labels));
    if (labels) refuse(attempt, `${who} is not allowed to set the following labels: ${labels}`);
  }

  private nodeUpdate(attempt: Attempt, old: Node): void {
    const { caller, who, attributes } = attempt;
    const next = attributes.object as unknown as Node;
    const given = NODE_FIELDS.find(({ read, only }) => {
      const value = read(next);
      return !equalJson(value, read(old)) && (!only || only(value));
    });
    if (given) refuse(attempt, `${who} is not allowed to ${given.what}`);
    const providerId = next.spec?.providerID ?? '';
    const isTaken =
      providerId !== (old.spec?.providerID ?? '') && providerId !== agentProviderId(caller.name, attributes.name);
    if (caller.kind === 'agent' && isTaken) refuse(attempt, `${who} is not allowed to give a node to another agent`);
    const labels = this.foreignLabels(attempt, modifiedLabels(next.metadata.labels, old.metadata.labels));
    if (labels) refuse(attempt, `is not allowed to modify labels: ${labels}`);
  }

  private foreignLabels({ ctx }: Attempt, keys: readonly string[]): string {
    const allowed = ctx.user.groups.includes(CONTROL_PLANE_NODES_GROUP) ? [LABEL_NODE_ROLE_CONTROL_PLANE] : [];
    return forbiddenLabels(keys, allowed).join(', ');
  }

  private async lease(attempt: Attempt): Promise<void> {
    const { namespace, name } = attempt.attributes;
    if (namespace !== LEASE_NAMESPACE)
      refuse(attempt, `can only access leases in the ${quote(LEASE_NAMESPACE)} system namespace`);
    if (await this.carries(attempt, name)) return;
    refuse(attempt, 'can only access node lease with the same name as the requesting node');
  }

  private async slice(attempt: Attempt): Promise<void> {
    const { object, old } = attempt.attributes;
    for (const slice of [object, old] as unknown as Array<ResourceSlice | undefined>) {
      if (!slice || (await this.carries(attempt, slice.spec?.nodeName ?? ''))) continue;
      refuse(attempt, 'can only create ResourceSlice with the same NodeName as the requesting node');
    }
  }

  /** A driver says how its own devices are; who has them is not its to say. */
  private async deviceStatus(attempt: Attempt): Promise<void> {
    const { attributes, who } = attempt;
    const [next, old] = [attributes.object, attributes.old] as unknown as [ResourceClaim, ResourceClaim];
    const { devices: after = [], ...rest } = next.status ?? {};
    const { devices: before = [], ...known } = old.status ?? {};
    if (!equalJson(rest, known)) refuse(attempt, `${who} can only update the devices in a claim's status`);
    const kept = new Set(before.map((device) => JSON.stringify(device)));
    const left = new Set(after.map((device) => JSON.stringify(device)));
    const changed = [
      ...after.filter((one) => !kept.has(JSON.stringify(one))),
      ...before.filter((one) => !left.has(JSON.stringify(one))),
    ];
    for (const pool of new Set(changed.map((device) => device.pool))) {
      if (!(await this.carries(attempt, pool))) refuse(attempt, `${who} can only tell of devices of its own nodes`);
    }
  }

  private async token(attempt: Attempt): Promise<void> {
    const { ctx, attributes } = attempt;
    const { operation, subresource, namespace } = attributes;
    if (operation !== 'CREATE' || subresource !== 'token') return;
    const { spec } = attributes.object as unknown as TokenRequest;
    const { name, uid } = podReference(attempt, spec?.boundObjectRef);
    const stored = await this.graph.pod(ctx, ctx.cluster, namespace, name);
    if (!stored) throw newNotFound({ group: '', resource: 'pods' }, name);
    await this.boundPod(attempt, stored, uid);
    checkAudiences(attempt, parseBody(stored) as unknown as Pod, spec?.audiences ?? []);
  }

  private async boundPod(attempt: Attempt, stored: StoredObject, uid: string): Promise<void> {
    const { ctx, caller } = attempt;
    if (parseBody(stored).metadata.uid !== uid) {
      const why = `the UID in the bound object reference (${uid}) does not match the UID in record`;
      refuse(attempt, `${why}. The object might have been deleted and then recreated`);
    }
    if (await this.graph.runs(ctx, caller, stored)) return;
    refuse(attempt, 'node requested token bound to a pod scheduled on a different node');
  }

  private carries({ ctx, caller }: Attempt, node: string): Promise<boolean> {
    return this.graph.carries(ctx, ctx.cluster, caller, node);
  }

  /** Whether the Pod as it was is bound to a node of the caller's. */
  private isOwn(attempt: Attempt): Promise<boolean> {
    const { spec } = attempt.attributes.old as unknown as Pod;
    return this.carries(attempt, spec?.nodeName ?? '');
  }
}

type BoundObject = NonNullable<TokenRequest['spec']>['boundObjectRef'];

function podReference(attempt: Attempt, ref: BoundObject): { readonly name: string; readonly uid: string } {
  const { apiVersion, kind, name, uid } = ref ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name) refuse(attempt, 'node requested token not bound to a pod');
  if (!uid) refuse(attempt, 'node requested token with a pod binding without a uid');
  return { name, uid };
}

/** A token is for whom the Pod's own volumes ask one. Behaves as the plugin's validateNodeServiceAccountAudience. */
function checkAudiences(attempt: Attempt, { spec }: Pod, asked: readonly string[]): void {
  if (asked.length > 1) refuse(attempt, 'node may only request 0 or 1 audiences');
  const [audience = ''] = asked;
  const sources = (spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  const known = sources.some(({ serviceAccountToken: token }) => token && (token.audience ?? '') === audience);
  if (known) return;
  const why = `${attempt.ctx.user.name} is not authorized to request tokens for this audience`;
  refuse(attempt, `audience ${quote(audience)} not found in pod spec volume, ${why}`);
}

/** A mirror Pod passes rules that Pods must keep: nobody but its node, or an administrator who restores one, makes it. */
function refuseForgedMirror({ user }: RequestContext, attributes: AdmissionAttributes): void {
  if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return;
  const pod = attributes.object as unknown as Pod;
  if (pod.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] === undefined || user.groups.includes(PRIVILEGED_GROUP))
    return;
  const why = `only the node a mirror pod is bound to may create it (annotation ${quote(ANNOTATION_CONFIG_MIRROR)})`;
  throw forbidden(attributes.definition, attributes.name, why);
}
