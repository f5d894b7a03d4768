import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder, type EventRecorder } from '@binnacle/client-controller';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { DeviceDriver, RuntimeService } from '@binnacle/node-cri';
import type { AdmissionFacts } from './admission/admit-pod.js';
import { Allocations } from './allocation/allocations.js';
import { PodDevices } from './devices/pod-devices.js';
import type { EnvironmentSources } from './environment/container-environment.js';
import { LeaseHeartbeat } from './node/lease-heartbeat.js';
import type { NodeDescription, NodeHealth } from './node/node-object.js';
import { NodeRegistration } from './node/node-registration.js';
import { BackOff } from './plan/back-off.js';
import type { Rejection } from './pod/rejection.js';
import { ApiPodSource } from './sources/api-pods.js';
import { MirrorPods } from './sources/mirror-pods.js';
import { StaticPodRunner } from './sources/static-pod-runner.js';
import { StatusManager } from './status/status-manager.js';
import type { AttachedVolumes } from './volumes/attached-volumes.js';
import type { PodVolumes } from './volumes/pod-volumes.js';
import { ContainerEvents } from './pod/events.js';
import { ImagePuller } from './worker/image-puller.js';
import { PodWorkers } from './worker/pod-workers.js';

const FIRST_RESTART_DELAY = 10_000;
const LONGEST_RESTART_DELAY = 300_000;

export interface KubeletOptions {
  readonly node: NodeDescription;
  readonly runtime: RuntimeService;
  readonly runtimeName: string;
  readonly client: KubeClient;
  readonly podLogs: string;
  readonly volumes: PodVolumes;
  /** What is attached to the node; without it no volume is waited for. */
  readonly attached?: AttachedVolumes;
  /** Who looks after the node's devices; nobody unless it is said. */
  readonly deviceDrivers?: readonly DeviceDriver[];
  readonly environment: EnvironmentSources;
  /** Whether the Pod network must be known before the node is ready. */
  readonly needsPodCidr: boolean;
  /** Whether the Pod network that the Node object names is this node's to use; any is unless it is said. */
  readonly acceptsPodCidr?: (cidr: string) => boolean;
  /** False for a node that is no more once somebody deletes its object. */
  readonly comesBack?: boolean;
  /** Directory of static Pods' manifests. */
  readonly manifests?: string;
  /** Milliseconds between restarts of a container that keeps failing, at most; five minutes unless it is said. */
  readonly longestRestartDelay?: number;
  readonly admit: (pod: Pod, facts: AdmissionFacts) => Rejection | undefined;
}

const READY: NodeHealth = { ready: true, message: 'kubelet is posting ready status' };
const NO_NETWORK: NodeHealth = {
  ready: false,
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:no podCIDR yet',
};

function followAttachments(registration: NodeRegistration, attached: AttachedVolumes): void {
  const seen = (node: Node) => attached.update(node);
  registration.informer.addHandler({ added: seen, updated: seen });
  attached.onChange(() => registration.wake());
}

/** The agent of one node: runs static Pods at once, and everything else as soon as there is an API server. */
export class Kubelet {
  readonly workers: PodWorkers;
  readonly registration: NodeRegistration;
  private readonly recorder: EventRecorder;
  private readonly statics: StaticPodRunner | undefined;
  private readonly mirrors: MirrorPods;
  /** What the API server has bound to this node. */
  readonly pods: ApiPodSource;
  private readonly lease: LeaseHeartbeat;
  private following: Context | undefined;
  private joined = false;

  constructor(
    private readonly ctx: Context,
    readonly options: KubeletOptions,
  ) {
    const { client, node, manifests, runtime } = options;
    const pods = client.resource<Pod>(refs.pods);
    const statuses = new StatusManager(ctx, pods, (pod) => this.mirrors.identity(pod));
    this.recorder = createEventRecorder(ctx, client, { component: 'kubelet', host: node.name });
    this.registration = this.register();
    this.workers = this.createWorkers(statuses);
    const changed = () => this.mirrors.wake();
    this.statics = manifests
      ? new StaticPodRunner({ directory: manifests, nodeName: node.name, runtime, workers: this.workers, changed })
      : undefined;
    this.mirrors = new MirrorPods(ctx, {
      pods,
      node: () => this.registration.current,
      staticPods: () => this.statics?.pods ?? [],
      changed: () => statuses.resync(),
    });
    // Mirror Pods of a Node that was deleted are no more this Node's when it has come back.
    this.registration.informer.addHandler({ added: changed, updated: changed });
    this.pods = new ApiPodSource(pods, node.name, this.workers, this.mirrors);
    const leases = client.resource<Lease>(refs.leases);
    this.lease = new LeaseHeartbeat(leases, node.name, () => this.registration.current);
  }

  /** Resolves when static Pods have been started; the API server is waited for in the background. */
  async start(): Promise<void> {
    await this.statics?.start(this.ctx);
    this.follow(this.ctx).catch((error: unknown) => {
      if (!this.ctx.signal.aborted) this.ctx.logger.error('the node could not join the cluster', { error });
    });
  }

  /**
   * Does what the API server says, and tells it that the node lives, until the context aborts. What runs goes on after that. May
   * be called again then: what was said in between is done. Resolves when it knows the node's Pods.
   */
  async follow(ctx: Context): Promise<void> {
    this.following = ctx;
    await this.registration.start(ctx);
    if (ctx.signal.aborted) return;
    if (!this.joined) this.nodeEvent('Starting', 'Starting kubelet.');
    this.joined = true;
    void this.lease.run(ctx);
    await this.pods.start(ctx);
  }

  /** Stops the static Pods in their order and resolves when none is left. */
  async stopStaticPods(): Promise<void> {
    await this.statics?.stopAll();
  }

  private nodeEvent(reason: string, message: string): void {
    const { name } = this.options.node;
    // As upstream's kubelet does, the node's name stands for its uid.
    this.recorder.event({ apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } }, 'Normal', reason, message);
  }

  private register(): NodeRegistration {
    const { client, node, needsPodCidr, runtime, comesBack, attached, acceptsPodCidr = () => true } = this.options;
    const hasNetwork = (cidr?: string) => cidr !== undefined && cidr !== '' && acceptsPodCidr(cidr);
    const registration = new NodeRegistration(this.ctx, {
      node,
      client: client.resource<Node>(refs.nodes),
      ...(comesBack !== undefined && { comesBack }),
      health: (current) => (needsPodCidr && !hasNetwork(current?.spec?.podCIDR) ? NO_NETWORK : READY),
      images: () => runtime.listImages(this.ctx),
      ...(attached && { volumesInUse: () => attached.inUse }),
      event: (reason, message) => this.nodeEvent(reason, message),
    });
    const network = ({ spec }: Node) => {
      if (!spec?.podCIDR) return;
      if (!acceptsPodCidr(spec.podCIDR)) {
        this.ctx.logger.warn('the Pod network of the node is not its own', { podCidr: spec.podCIDR });
        return;
      }
      runtime.updateRuntimeConfig(this.ctx, { podCidr: spec.podCIDR }).catch((error: unknown) => {
        this.ctx.logger.error('the Pod network of the node cannot be used', { podCidr: spec.podCIDR, error });
      });
    };
    registration.informer.addHandler({ added: network, updated: network });
    if (attached) followAttachments(registration, attached);
    return registration;
  }

  private createWorkers(statuses: StatusManager): PodWorkers {
    const { ctx, options } = this;
    const { node, runtime, client, deviceDrivers = [] } = options;
    const claims = client.resource<ResourceClaim>(refs.resourceclaims);
    const events = new ContainerEvents(this.recorder);
    const allocations: Allocations = new Allocations({
      events,
      admit: (pod, source) => {
        const others = workers.activePods(pod).map((other) => allocations.given(other));
        return options.admit(pod, { others, source, node: this.registration.current });
      },
      changed: (uid) => workers.get(uid)?.wake(),
    });
    const workers: PodWorkers = new PodWorkers({
      ctx,
      runtime,
      runtimeName: options.runtimeName,
      nodeName: node.name,
      hostIp: node.address,
      podLogs: options.podLogs,
      events,
      statuses,
      environment: options.environment,
      volumes: options.volumes,
      devices: new PodDevices(deviceDrivers, (at, namespace, name) => claims.get(at, { namespace, name })),
      images: new ImagePuller(runtime, events),
      restarts: new BackOff(FIRST_RESTART_DELAY, options.longestRestartDelay ?? LONGEST_RESTART_DELAY),
      allocatable: () => node.allocatable,
      isFollowing: () => this.following?.signal.aborted === false,
      allocations,
    });
    return workers;
  }
}
