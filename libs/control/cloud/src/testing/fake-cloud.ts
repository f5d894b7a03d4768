import type { LoadBalancerStatus, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type {
  CloudProvider,
  InstanceMetadata,
  Instances,
  LoadBalancers,
  Route,
  Routes,
} from '../provider/cloud-provider.js';

type Verb = keyof Omit<LoadBalancers, 'follow'>;

/** A cloud in memory, whose load balancers have names and not addresses; slow, or failing, where it is told to be. */
export class FakeLoadBalancers implements LoadBalancers {
  /** By key of the Service: the names of the nodes it leads to. */
  readonly made = new Map<string, string[]>();
  /** What was asked, oldest first. */
  readonly calls: string[] = [];
  private readonly failures = new Map<Verb, Error[]>();
  private changed: (service: string) => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();

  /** What is asked next of this kind fails, one call for each error. */
  fail(verb: Verb, ...errors: Error[]): void {
    this.failures.set(verb, errors);
  }

  /** From now on calls wait until the returned function is called. */
  stall(): () => void {
    let go: () => void = () => undefined;
    this.gate = new Promise((resolve) => (go = resolve));
    return go;
  }

  /** Says that a load balancer is not as it was. */
  change(key: string): void {
    this.changed(key);
  }

  follow(changed: (service: string) => void): void {
    this.changed = changed;
  }

  async get(_ctx: Context, service: Service): Promise<LoadBalancerStatus | undefined> {
    await this.called('get', service);
    return this.made.has(keyOf(service)) ? statusOf(service) : undefined;
  }

  async ensure(_ctx: Context, service: Service, nodes: readonly Node[]): Promise<LoadBalancerStatus> {
    await this.called('ensure', service);
    this.made.set(keyOf(service), namesOf(nodes));
    return statusOf(service);
  }

  async update(_ctx: Context, service: Service, nodes: readonly Node[]): Promise<void> {
    await this.called('update', service);
    this.made.set(keyOf(service), namesOf(nodes));
  }

  async ensureDeleted(_ctx: Context, service: Service): Promise<void> {
    await this.called('ensureDeleted', service);
    this.made.delete(keyOf(service));
  }

  private async called(verb: Verb, service: Service): Promise<void> {
    this.calls.push(`${verb} ${service.metadata.name}`);
    await this.gate;
    const failure = this.failures.get(verb)?.shift();
    if (failure) throw failure;
  }
}

const namesOf = (nodes: readonly Node[]): string[] => nodes.map(({ metadata }) => metadata.name ?? '').sort();

const statusOf = ({ metadata, spec }: Service): LoadBalancerStatus => ({
  ingress: [{ hostname: `${metadata.name}.${spec?.loadBalancerClass?.replace(/.*\//, '') ?? 'default'}.fake.example` }],
});

/** Machines by the names of their nodes. */
export class FakeInstances implements Instances {
  readonly machines = new Map<string, InstanceMetadata & { readonly isShutdown?: boolean }>();
  readonly calls: string[] = [];
  private failures: Error[] = [];
  private changed: (node: string) => void = () => undefined;

  /** What is asked next fails, one call for each error. */
  fail(...errors: Error[]): void {
    this.failures = errors;
  }

  /** Says that there may be news of a machine. */
  change(node: string): void {
    this.changed(node);
  }

  follow(changed: (node: string) => void): void {
    this.changed = changed;
  }

  async exists(_ctx: Context, node: Node): Promise<boolean> {
    return this.asked('exists', node) !== undefined;
  }

  async isShutdown(_ctx: Context, node: Node): Promise<boolean> {
    return this.asked('isShutdown', node)?.isShutdown ?? false;
  }

  async metadata(_ctx: Context, node: Node): Promise<InstanceMetadata | undefined> {
    return this.asked('metadata', node);
  }

  private asked(verb: string, { metadata: { name = '' } }: Node) {
    this.calls.push(`${verb} ${name}`);
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.machines.get(name);
  }
}

/** Routes by their names, to nodes or to addresses of theirs. */
export class FakeRoutes implements Routes {
  readonly made = new Map<string, Route>();
  readonly calls: string[] = [];
  /** Ranges that cannot be routed. */
  readonly refused = new Set<string>();

  constructor(private readonly toAddresses = false) {}

  async list(): Promise<readonly Route[]> {
    this.calls.push('list');
    return [...this.made.values()];
  }

  async create(_ctx: Context, nameHint: string, { targetNodeAddresses, ...route }: Route): Promise<void> {
    this.calls.push(`create ${route.targetNode} ${route.destinationCIDR}`);
    if (this.refused.has(route.destinationCIDR)) throw new Error('quota');
    const name = `${nameHint}-${route.destinationCIDR}`;
    this.made.set(name, { ...route, name, ...(this.toAddresses && { targetNodeAddresses }) });
  }

  async delete(_ctx: Context, { name = '', targetNode, destinationCIDR }: Route): Promise<void> {
    this.calls.push(`delete ${targetNode} ${destinationCIDR}`);
    if (this.refused.has(destinationCIDR)) throw new Error('in use');
    this.made.delete(name);
  }
}

export interface FakeCloud extends CloudProvider {
  readonly loadBalancers: FakeLoadBalancers;
  readonly instances: FakeInstances;
  readonly routes: FakeRoutes;
}

export const fakeCloud = (): FakeCloud => ({
  providerName: 'fake',
  loadBalancers: new FakeLoadBalancers(),
  instances: new FakeInstances(),
  routes: new FakeRoutes(),
});
