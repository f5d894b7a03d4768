import type { ResourceAct } from './act.js';
import type { ReferenceKind } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { LABEL_NODE_AGENT } from '@binnacle/apis-kubernetes/well-known';
import type { Context, Soon } from '@binnacle/machinery-context';
import { parseFieldSelector } from '@binnacle/machinery-selectors';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import type { NodeGraph } from './node-graph.js';
import { type NodeIdentity, nodeIdentity } from './node-identity.js';
import { agentRules, nodeRules } from './node-rules.js';
import { policyRuleAllows } from './rbac/rule-matching.js';
import type { ResolvedRules, RuleResolver } from './rbac/rule-resolver.js';
import type { UserInfo } from './user-info.js';

interface Question {
  readonly ctx: Context;
  readonly caller: NodeIdentity;
  readonly cluster: string;
  readonly verb: string;
  readonly resource: ResourceAct;
  readonly attributes: AuthorizationAttributes;
}

type Answer = (question: Question) => Soon<Decision>;

const LEASE_NAMESPACE = 'kube-node-lease';
const YES: Decision = { allowed: true, reason: '' };
const NO: Decision = { allowed: false, reason: '' };
const no = (reason: string): Decision => ({ allowed: false, reason });

/** `node 'a'` */
const text = ({ kind, name }: NodeIdentity): string => `${kind === 'node' ? 'node' : 'node agent'} '${name}'`;

/** The node a list or watch is narrowed to by its field selector. */
function selectedNode({ fieldSelector }: ResourceAct): string | undefined {
  if (!fieldSelector) return undefined;
  try {
    return parseFieldSelector(fieldSelector).exactValue('spec.nodeName');
  } catch {
    return undefined;
  }
}

/**
 * Decides what kubelets may do: their own Node, Lease and Pods, and what their Pods refer to. An agent's authority is that
 * of the Nodes it carries, taken together. Behaves as kubernetes plugin/pkg/auth/authorizer/node.
 */
export class NodeAuthorizer implements Authorizer, RuleResolver {
  private readonly answers: Readonly<Record<string, Answer>> = {
    '/secrets': (question) => this.readReferenced(question, 'secrets'),
    '/configmaps': (question) => this.readReferenced(question, 'configmaps'),
    '/persistentvolumeclaims': (question) => this.claim(question),
    '/persistentvolumes': (question) => this.volume(question),
    'storage.k8s.io/volumeattachments': (question) => this.single(question, this.graph.isAttachedTo),
    'resource.k8s.io/resourceclaims': (question) => this.deviceClaim(question),
    'resource.k8s.io/resourceslices': (question) => this.slice(question),
    '/serviceaccounts': (question) => this.serviceAccount(question),
    'coordination.k8s.io/leases': (question) => this.lease(question),
    'storage.k8s.io/csinodes': (question) => this.csiNode(question),
    '/nodes': (question) => this.node(question),
    '/pods': (question) => this.pod(question),
  };

  constructor(private readonly graph: NodeGraph) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { user, cluster, verb, resource } = attributes;
    const caller = nodeIdentity(user);
    if (!caller) return NO;
    if (caller.name === '') return no(`unknown node for user ${JSON.stringify(user.name)}`);
    const answer = resource && this.answers[`${resource.group}/${resource.resource}`];
    if (answer) return answer({ ctx, caller, cluster, verb, resource, attributes });
    const rules = caller.kind === 'node' ? nodeRules : agentRules;
    return rules.some((rule) => policyRuleAllows(rule, attributes)) ? YES : NO;
  }

  /** What a Node may do is decided case by case. */
  rulesFor(_ctx: Context, user: UserInfo): ResolvedRules {
    if (!nodeIdentity(user)) return { rules: [], errors: [] };
    return { rules: [], errors: ['node authorizer does not support user rule resolution'], isIncomplete: true };
  }

  private readReferenced(question: Question, kind: 'secrets' | 'configmaps' | 'serviceaccounts'): Soon<Decision> {
    const { verb, resource } = question;
    if (!['get', 'list', 'watch'].includes(verb)) return no('can only read resources of this type');
    if (resource.subresource) return no('cannot read subresource');
    if (!resource.namespace) return no('can only read namespaced object of this type');
    return this.related(question, kind);
  }

  private async related(
    { ctx, caller, cluster, resource: { namespace, name } }: Question,
    kind: ReferenceKind,
  ): Promise<Decision> {
    if (!name) return no('No Object name found');
    if (await this.graph.reaches(ctx, caller, { cluster, kind, namespace, name })) return YES;
    return no(`no relationship found between ${text(caller)} and this object`);
  }

  private claim(question: Question): Soon<Decision> {
    const { verb, resource } = question;
    if (resource.subresource === 'status') {
      if (!['update', 'patch'].includes(verb)) return no('can only get/update/patch this type');
    } else if (verb !== 'get') return no('can only get individual resources of this type');
    else if (resource.subresource) return no('cannot get subresource');
    return this.related(question, 'persistentvolumeclaims');
  }

  /** An agent is the driver of its Nodes' devices, too, and says how they are. */
  private deviceClaim(question: Question): Soon<Decision> {
    const { verb, resource, caller } = question;
    const tells = caller.kind === 'agent' && resource.subresource === 'status' && ['update', 'patch'].includes(verb);
    if (verb !== 'get' && !tells) return no('can only get individual resources of this type');
    if (resource.subresource && !tells) return no('cannot get subresource');
    return this.related(question, 'resourceclaims');
  }

  private async slice(question: Question): Promise<Decision> {
    const { ctx, caller, cluster, verb, resource } = question;
    if (resource.subresource) return no('cannot authorize ResourceSlice subresources');
    // Whose Node's devices they are is admission's to check.
    if (verb === 'create') return YES;
    if (['list', 'watch', 'deletecollection'].includes(verb)) {
      const node = selectedNode(resource);
      if (node && (await this.graph.carries(ctx, cluster, caller, node))) return YES;
      return no('can only list/watch/deletecollection resourceslices with nodeName field selector');
    }
    if (await this.graph.publishes(ctx, cluster, caller, resource.name)) return YES;
    return no(`no relationship found between ${text(caller)} and this object`);
  }

  /** An agent is the storage of its Nodes, too: it looks after what volumes hold, and removes it when they are gone. */
  private volume(question: Question): Soon<Decision> {
    const { verb, resource, caller } = question;
    const reads = ['get', 'list', 'watch'].includes(verb) && !resource.subresource;
    return caller.kind === 'agent' && reads ? YES : this.single(question, this.graph.reachesVolume);
  }

  /** What a node may get by name, where something leads from it to that. */
  private async single(question: Question, leads: NodeGraph['reachesVolume']): Promise<Decision> {
    const { ctx, caller, cluster, verb, resource } = question;
    if (verb !== 'get') return no('can only get individual resources of this type');
    if (resource.subresource) return no('cannot get subresource');
    if (!resource.name) return no('No Object name found');
    if (await leads.call(this.graph, ctx, caller, cluster, resource.name)) return YES;
    return no(`no relationship found between ${text(caller)} and this object`);
  }

  private serviceAccount(question: Question): Soon<Decision> {
    const { verb, resource } = question;
    if (verb === 'get' && !resource.subresource) return this.readReferenced(question, 'serviceaccounts');
    if (verb !== 'create' || !resource.name) return no('can only create tokens for individual service accounts');
    if (resource.subresource !== 'token') return no('can only create token subresource of serviceaccount');
    return this.related(question, 'serviceaccounts');
  }

  private async lease({ ctx, caller, cluster, verb, resource }: Question): Promise<Decision> {
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a node lease');
    if (resource.namespace !== LEASE_NAMESPACE)
      return no(`can only access leases in the ${JSON.stringify(LEASE_NAMESPACE)} system namespace`);
    // The name of what is created is admission's to check.
    if (verb === 'create' || (await this.graph.carries(ctx, cluster, caller, resource.name))) return YES;
    return no('can only access node lease with the same name as the requesting node');
  }

  private async csiNode({ ctx, caller, cluster, verb, resource }: Question): Promise<Decision> {
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a CSINode');
    if (resource.subresource) return no('cannot authorize CSINode subresources');
    if (verb === 'create' || (await this.graph.carries(ctx, cluster, caller, resource.name))) return YES;
    return no('can only access CSINode with the same name as the requesting node');
  }

  private node(question: Question): Soon<Decision> {
    const { verb, resource } = question;
    if (resource.subresource === 'status') return ['update', 'patch'].includes(verb) ? YES : NO;
    if (resource.subresource) return NO;
    // Whose Node it is that is written is admission's to check.
    if (['create', 'update', 'patch'].includes(verb)) return YES;
    return ['get', 'list', 'watch'].includes(verb) ? this.readNode(question) : NO;
  }

  private async readNode({ ctx, caller, cluster, resource }: Question): Promise<Decision> {
    const { name } = resource;
    if (!name && caller.kind === 'agent' && resource.labelSelector === `${LABEL_NODE_AGENT}=${caller.name}`) return YES;
    if (!name) return no(`${text(caller)} cannot read all nodes, only its own Node object`);
    if (await this.graph.mayRead(ctx, cluster, caller, name)) return YES;
    return no(`${text(caller)} cannot read '${name}', only its own Node object`);
  }

  private pod(question: Question): Soon<Decision> {
    const { verb, resource } = question;
    // Whose Pod it is that is written is admission's to check.
    if (resource.subresource === 'status') return ['update', 'patch'].includes(verb) ? YES : NO;
    if (resource.subresource === 'eviction') return verb === 'create' ? YES : NO;
    if (resource.subresource) return NO;
    if (['create', 'delete'].includes(verb)) return YES;
    if (verb === 'get') return this.relatedPod(question);
    return ['list', 'watch'].includes(verb) ? this.readPods(question) : NO;
  }

  private async readPods(question: Question): Promise<Decision> {
    const { ctx, caller, cluster, resource } = question;
    const node = selectedNode(resource);
    if (node && (await this.graph.carries(ctx, cluster, caller, node))) return YES;
    if (resource.name) return this.relatedPod(question);
    return no('can only list/watch pods with spec.nodeName field selector');
  }

  private async relatedPod({ ctx, caller, cluster, resource: { namespace, name } }: Question): Promise<Decision> {
    if (!name) return no('No Object name found');
    const pod = await this.graph.pod(ctx, cluster, namespace, name);
    if (pod && (await this.graph.runs(ctx, caller, pod))) return YES;
    return no(`no relationship found between ${text(caller)} and this object`);
  }
}
