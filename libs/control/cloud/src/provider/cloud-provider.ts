import type { LoadBalancerStatus, Node, NodeAddress, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { ObjectKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';

/**
 * A cloud as one logical cluster sees it. What it leaves out it does not have, and the controllers that need that do not run.
 * Models k8s.io/cloud-provider cloud.go Interface.
 */
export interface CloudProvider {
  readonly providerName: string;
  readonly instances?: Instances;
  readonly loadBalancers?: LoadBalancers;
  readonly routes?: Routes;
}

/** What a cloud says of a machine; what it leaves out it does not know. */
export interface InstanceMetadata {
  /** `<provider>://<instance>`, and for ever the same. */
  readonly providerID?: string;
  readonly instanceType?: string;
  readonly nodeAddresses?: readonly NodeAddress[];
  readonly zone?: string;
  readonly region?: string;
  /** Not of Kubernetes' own names; a label that a node has stays. */
  readonly additionalLabels?: Readonly<Record<string, string>>;
}

/** The machines of a cloud, which are found by `spec.providerID` of their nodes or else by name. Upstream's InstancesV2. */
export interface Instances {
  /** Also true of one that is shut down, and of one that this cloud cannot know. */
  exists(ctx: Context, node: Node): Promise<boolean>;
  isShutdown(ctx: Context, node: Node): Promise<boolean>;
  /** Undefined where this cloud has nothing to say of the node, which waits then. */
  metadata(ctx: Context, node: Node): Promise<InstanceMetadata | undefined>;
  /** From now on `changed` is told the names of nodes of whose machines there may be news. */
  follow?(changed: (node: ObjectKey) => void): void;
}

/** Whoever calls is never at one Service twice at a time. What is given is shared and frozen. */
export interface LoadBalancers {
  /** What the load balancer of a Service is; undefined where there is none. */
  get(ctx: Context, service: Service): Promise<LoadBalancerStatus | undefined>;
  /**
   * Makes the load balancer, or puts it right. Rejects with RetryError to be asked again at a time, with ImplementedElsewhere to
   * leave the Service to somebody else.
   */
  ensure(ctx: Context, service: Service, nodes: readonly Node[]): Promise<LoadBalancerStatus>;
  /** Leads it to other nodes. Rejects with ImplementedElsewhere where somebody else does. */
  update(ctx: Context, service: Service, nodes: readonly Node[]): Promise<void>;
  /** Also resolves where there is none, or only parts of one. */
  ensureDeleted(ctx: Context, service: Service): Promise<void>;
  /** From now on `changed` is told of Services whose load balancers want another look, though the Services are as they were. */
  follow?(changed: (service: ObjectKey) => void): void;
}

/** Where Pods' addresses lead: a range to a node. */
export interface Route {
  /** Of the cloud; nothing where it is to be made. */
  readonly name?: string;
  readonly targetNode: string;
  readonly destinationCIDR: string;
  /** There where the cloud routes to addresses of a node, and not to the node. */
  readonly targetNodeAddresses?: readonly NodeAddress[];
  /** Leads nowhere, because its node has gone. */
  readonly blackhole?: boolean;
}

export interface Routes {
  list(ctx: Context): Promise<readonly Route[]>;
  /** `nameHint` may stand in the name it gets. */
  create(ctx: Context, nameHint: string, route: Route): Promise<void>;
  /** Of one that `list` told. */
  delete(ctx: Context, route: Route): Promise<void>;
}

/** Not done yet: to be asked again after so many milliseconds, instead of with back-off. Upstream's api.RetryError. */
export class RetryError extends Error {
  constructor(
    message: string,
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

/** Somebody else than this cloud's controllers does it. */
export class ImplementedElsewhere extends Error {
  constructor() {
    super('implemented by alternate to cloud provider');
  }
}
