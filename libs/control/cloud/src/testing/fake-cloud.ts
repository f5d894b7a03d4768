import type { LoadBalancerStatus, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { keyOf } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { CloudProvider, LoadBalancers } from '../provider/cloud-provider.js';

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

export interface FakeCloud extends CloudProvider {
  readonly loadBalancers: FakeLoadBalancers;
}

export const fakeCloud = (): FakeCloud => ({ providerName: 'fake', loadBalancers: new FakeLoadBalancers() });
