import type { Namespace } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy } from '@binnacle/apis-kubernetes/networking/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { PolicyIndex } from '@binnacle/apis-network-policy';
import { createInformer, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A few milliseconds of decisions. */
const TOLD_AT_ONCE = 200;

/**
 * The policies of one logical cluster, and what must be known to apply them. In a cluster without any, only whether there are is
 * followed.
 */
export class ClusterPolicies {
  readonly index = new PolicyIndex();
  readonly slices: SharedInformer<EndpointSlice>;
  private readonly policies: SharedInformer<NetworkPolicy>;
  private readonly namespaces: SharedInformer<Namespace>;
  private readonly listeners = new Set<() => void>();
  private readonly others: Array<Promise<void>> = [];
  private running: Context | undefined;
  private isTelling = false;
  /** Something has changed that not all have been told of. */
  private isDue = false;

  constructor(client: KubeClient) {
    this.policies = createInformer(client.resource<NetworkPolicy>(refs.networkpolicies));
    this.namespaces = createInformer(client.resource<Namespace>(refs.namespaces));
    this.slices = createInformer(client.resource<EndpointSlice>(refs.endpointslices));
    this.followPolicies();
    this.followNamespaces();
  }

  /** Whether there is a policy at all. */
  get isEmpty(): boolean {
    return this.index.size === 0;
  }

  /** Until the context aborts; may be called again then. What is known stays known. */
  async run(ctx: Context): Promise<void> {
    this.running = ctx;
    this.others.length = 0;
    this.needOthers();
    await this.policies.run(ctx);
    await Promise.all(this.others);
  }

  /** Resolves when everything is known that a decision may need. */
  async synced(): Promise<void> {
    await this.policies.synced();
    if (!this.isEmpty) await Promise.all([this.namespaces.synced(), this.slices.synced()]);
  }

  /** Tells of each change after which a decision may be another. Answers how to hear no more of them. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Changes that arrive together are told together. With the first policy of a cluster others are told when all is known that it is
   * about: who speaks already is not cut off because nobody knows the labels of a namespace yet. Who wants to speak waits.
   */
  readonly changed = (): void => {
    if (this.listeners.size === 0 || !this.isKnown) return;
    this.isDue = true;
    if (this.isTelling) return;
    this.isTelling = true;
    queueMicrotask(() => void this.tell());
  };

  private get isKnown(): boolean {
    return this.isEmpty || (this.namespaces.hasSynced && this.slices.hasSynced);
  }

  /** Each connection that stands is decided anew: thousands of them let others in between. What changes meanwhile is told after that. */
  private async tell(): Promise<void> {
    while (this.isDue) {
      this.isDue = false;
      const all = [...this.listeners];
      for (let told = 0; told < all.length; told += TOLD_AT_ONCE) {
        if (told > 0) await nextTurn();
        for (const listener of all.slice(told, told + TOLD_AT_ONCE)) if (this.listeners.has(listener)) listener();
      }
    }
    this.isTelling = false;
  }

  private followPolicies(): void {
    const seen = (policy: NetworkPolicy) => {
      this.index.setPolicy(policy);
      this.needOthers();
      this.changed();
    };
    const gone = (policy: NetworkPolicy) => {
      this.index.deletePolicy(policy);
      this.changed();
    };
    this.policies.addHandler({ added: seen, updated: seen, deleted: gone });
  }

  private followNamespaces(): void {
    const seen = ({ metadata: { name = '', labels } }: Namespace) => {
      this.index.setNamespace(name, labels);
      this.changed();
    };
    const gone = ({ metadata: { name = '' } }: Namespace) => {
      this.index.deleteNamespace(name);
      this.changed();
    };
    this.namespaces.addHandler({ added: seen, updated: seen, deleted: gone });
  }

  private needOthers(): void {
    if (this.isEmpty || this.others.length > 0 || !this.running) return;
    this.others.push(this.namespaces.run(this.running), this.slices.run(this.running));
    void Promise.all([this.namespaces.synced(), this.slices.synced()]).then(this.changed);
  }
}
