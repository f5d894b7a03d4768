import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import type { Labels } from '@binnacle/machinery-selectors';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.js';
import { decide, type PolicySource } from './decide.js';
import { PoliciesByLabel } from './policies-by-label.js';
import type { Direction, Flow, FlowAnswer } from './flow.js';
import type { PolicyPod } from './policy-pod.js';

type Selected = Readonly<Record<Direction, readonly CompiledPolicy[]>>;

const byName = (one: CompiledPolicy, other: CompiledPolicy): number => (one.name < other.name ? -1 : 1);

/** The policies of a namespace, and which of them select a Pod, found once for each state of it. */
class NamespacePolicies {
  private readonly policies = new Map<string, CompiledPolicy>();
  private readonly byLabel = new PoliciesByLabel();
  private selected = new WeakMap<PolicyPod, Selected>();

  get size(): number {
    return this.policies.size;
  }

  set(policy: CompiledPolicy): void {
    this.delete(policy.name);
    this.policies.set(policy.name, policy);
    this.byLabel.add(policy);
  }

  delete(name: string): boolean {
    this.selected = new WeakMap();
    const known = this.policies.get(name);
    if (known) this.byLabel.delete(known);
    return this.policies.delete(name);
  }

  of(pod: PolicyPod): Selected {
    const known = this.selected.get(pod);
    if (known) return known;
    const all = this.byLabel.about(pod.labels).sort(byName);
    const about = (direction: Direction) => all.filter(({ rules }) => rules[direction] !== undefined);
    const found = { ingress: about('ingress'), egress: about('egress') };
    this.selected.set(pod, found);
    return found;
  }
}

/** All policies of a cluster as they are now, changed one by one. */
export class PolicyIndex implements PolicySource {
  private readonly namespaces = new Map<string, NamespacePolicies>();
  private readonly labels = new Map<string, Labels>();
  private count = 0;

  /** How many policies there are. */
  get size(): number {
    return this.count;
  }

  setPolicy(policy: NetworkPolicy): void {
    const compiled = compilePolicy(policy);
    const { namespace } = compiled;
    const policies = this.namespaces.get(namespace) ?? new NamespacePolicies();
    this.namespaces.set(namespace, policies);
    this.count -= policies.size;
    policies.set(compiled);
    this.count += policies.size;
  }

  deletePolicy({ metadata: { namespace = '', name = '' } }: Pick<NetworkPolicy, 'metadata'>): void {
    const policies = this.namespaces.get(namespace);
    if (policies?.delete(name)) this.count -= 1;
    if (policies?.size === 0) this.namespaces.delete(namespace);
  }

  setNamespace(name: string, labels: Labels = {}): void {
    this.labels.set(name, labels);
  }

  deleteNamespace(name: string): void {
    this.labels.delete(name);
  }

  policiesOf(pod: PolicyPod, direction: Direction): readonly CompiledPolicy[] {
    return this.namespaces.get(pod.namespace)?.of(pod)[direction] ?? [];
  }

  namespaceLabels(name: string): Labels | undefined {
    return this.labels.get(name);
  }

  decide(flow: Flow): FlowAnswer {
    return decide(flow, this);
  }
}
