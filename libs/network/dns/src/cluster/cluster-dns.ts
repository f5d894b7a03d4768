import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { createEventRecorder, type EventRecorder, type EventSource } from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { ClientBounds } from '../server/client-bounds.js';
import { guarded } from '../server/guarded.js';
import { DnsListener } from '../server/listener.js';
import { type DnsObserver, type Outside, Responder } from '../server/responder.js';
import { ClusterZone } from '../zone/cluster-zone.js';
import { ClusterRecords } from './cluster-records.js';
import { ClusterForwarding, type SharedForwarding } from './forwarding.js';
import { DNS_PORT, type DnsServiceOptions, keepDnsService, ownAddress, ownService } from './own-service.js';
import { type DnsSources, dnsSources, nodesOf } from './sources.js';

/** What the DNS of all clusters share. */
export interface SharedDns {
  /** Seconds for which clients may keep an answer about the cluster. */
  readonly ttl: number;
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  readonly bounds: ClientBounds;
  readonly observer: DnsObserver;
  /** Who reports what goes wrong. */
  readonly source: EventSource;
  readonly forwarding: SharedForwarding;
}

/** The cluster that a DNS is for. */
export interface DnsPlace {
  readonly client: KubeClient;
  readonly uid: string;
  readonly podCidr: string;
  readonly service: DnsServiceOptions;
}

/** The DNS of one cluster, at the address of its Service. */
export class ClusterDns {
  private readonly nodes: SharedInformer<Node>;
  private readonly sources: DnsSources;
  private readonly listener: DnsListener;
  private readonly recorder: EventRecorder;
  private readonly firstNode: Promise<void>;
  private isReady = false;

  /** Its sockets stay open until the context aborts. */
  constructor(
    ctx: Context,
    private readonly place: DnsPlace,
    shared: SharedDns,
  ) {
    const { client } = place;
    this.nodes = nodesOf(client);
    this.firstNode = new Promise((resolve) => this.nodes.addHandler({ added: () => resolve() }));
    this.sources = dnsSources(client);
    this.recorder = createEventRecorder(ctx, client, shared.source);
    this.listener = this.listenerOf(ctx, shared);
    const move = () => this.move();
    this.sources.services.addHandler({ added: move, updated: move, deleted: move });
  }

  /** Without nodes nobody is there who could ask. */
  get hasNodes(): boolean {
    return this.nodes.list().length > 0;
  }

  /** Everything is known that answers are made of, and there is an address to give them at. */
  get isSettled(): boolean {
    return (
      this.nodes.hasSynced && (!this.hasNodes || (this.isReady && ownService(this.sources.services) !== undefined))
    );
  }

  get isListening(): boolean {
    return this.listener.isOpen;
  }

  /** It answers at the address of its Service, if that is for it to do. */
  get isServed(): boolean {
    if (!this.isSettled) return false;
    return this.listener.isOpen || this.address === undefined;
  }

  /** Follows what there is until the context aborts. It goes on answering then, and goes on following when it is called again. */
  async follow(ctx: Context): Promise<void> {
    const nodes = this.nodes.run(ctx);
    await Promise.race([this.firstNode, nodes]);
    if (!ctx.signal.aborted) await this.followAll(ctx);
    await nodes;
  }

  private async followAll(ctx: Context): Promise<void> {
    const informers = Object.values(this.sources);
    const running = Promise.all(informers.map((informer) => informer.run(ctx)));
    const { client, service } = this.place;
    const keeping = keepDnsService(ctx, client, this.sources.services, service);
    await Promise.race([Promise.all(informers.map((informer) => informer.synced())), running]);
    this.isReady ||= !ctx.signal.aborted;
    this.move();
    await Promise.all([running, keeping]);
  }

  /** Nobody is answered before everything is known: what is not known yet would seem not to be there. */
  private move(): void {
    if (this.isReady) this.listener.listenAt(this.address);
  }

  private get address(): string | undefined {
    return ownAddress(this.sources.services, this.place.service.serviceCidr);
  }

  private listenerOf(ctx: Context, shared: SharedDns): DnsListener {
    const { ttl, observer, bounds, privileged } = shared;
    const records = new ClusterRecords(this.sources);
    const outside = this.outsideOf(ctx, records, shared);
    const responder = new Responder(new ClusterZone(records, ttl), outside, observer);
    const respond = guarded(ctx, (bytes, client) => responder.respond(bytes, client));
    const failed = (place: WireAddress, error: Error) => this.report(ctx, place, error);
    return new DnsListener(ctx, { respond, bounds, privileged, failed }, DNS_PORT);
  }

  private outsideOf(ctx: Context, records: ClusterRecords, { forwarding, privileged }: SharedDns): Outside {
    const { uid, podCidr, service } = this.place;
    const networks = [podCidr, service.serviceCidr];
    const place = { uid, networks, privileged, own: () => records.ownAddresses };
    const all = new ClusterForwarding(ctx, place, forwarding, this.recorder);
    all.follow(this.sources.config);
    return all.outside;
  }

  private report(ctx: Context, { host, port }: WireAddress, error: Error): void {
    ctx.logger.warn('the DNS cannot listen', { host, port, error });
    const message = `Cannot open the port of the DNS at ${host}:${port}: ${error.message}`;
    const service = ownService(this.sources.services);
    if (service) this.recorder.event(service, 'Warning', 'FailedToOpenPort', message);
  }
}
