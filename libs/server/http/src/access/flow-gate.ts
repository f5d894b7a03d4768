import type { Soon } from '@binnacle/machinery-context';
import {
  type Admission,
  type Classification,
  estimateList,
  estimateWrite,
  type FlowControl,
  type FlowRequest,
  ONE_SEAT,
  type WorkEstimate,
} from '@binnacle/server-flow-control';
import type { Registry } from '@binnacle/server-registry';
import { presentCluster } from '@binnacle/server-storage';
import type { KnownRequest } from '../request/api-request.js';
import { type ResourceInfo, RUNNING_SUBRESOURCES } from '../request/request-info.js';

/** Upstream's names, which say by uid what an operator would rather not say by name. */
const SCHEMA_HEADER = 'x-kubernetes-pf-flowschema-uid';
const LEVEL_HEADER = 'x-kubernetes-pf-prioritylevel-uid';
const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);
const CONVERTED = /;\s*as=|yaml/;

const free: Admission = { release: () => undefined };

function flowRequest({ ctx, info }: KnownRequest): FlowRequest {
  const { verb, resource, path } = info;
  const cluster = presentCluster(info.cluster);
  return resource ? { user: ctx.user, cluster, verb, resource } : { user: ctx.user, cluster, verb, path };
}

/** Whether a watch begins with what a list would tell. */
function beginsWithList({ query }: KnownRequest): boolean {
  const version = query.get('resourceVersion') ?? '';
  return query.get('sendInitialEvents') === 'true' || version === '' || version === '0';
}

/** Where REST requests, and watches until they have told the present state, take their seats. */
export class FlowGate {
  constructor(
    private readonly control: FlowControl,
    private readonly registry: Pick<Registry, 'peek'>,
  ) {}

  classify(request: KnownRequest): Classification {
    return this.control.classify(flowRequest(request));
  }

  /** What every answer says of how its request was classified. */
  writeHeaders({ schema, level }: Classification, headers: Record<string, string | string[]>): void {
    headers[SCHEMA_HEADER] = schema.metadata.uid ?? '';
    headers[LEVEL_HEADER] = level.uid;
  }

  /** Waits for the seats a request takes. Throws or rejects with TooManyRequests. */
  admit(request: KnownRequest, classification: Classification): Soon<Admission> {
    const { resource } = request.info;
    if (resource && RUNNING_SUBRESOURCES.has(resource.subresource)) return free;
    const estimate = this.estimate(request, classification.level.mostSeats);
    return this.control.admit(request.ctx, classification, flowRequest(request), estimate);
  }

  /** Does what is asked by another protocol as the same request would be done. */
  async seated<T>(request: KnownRequest, work: () => Promise<T>): Promise<T> {
    const seat = await this.admit(request, this.classify(request));
    try {
      return await work();
    } finally {
      seat.release();
    }
  }

  /** Counts a watch among those that are told of changes; answers what forgets it. */
  noteWatch({ info }: KnownRequest): () => void {
    const { resource, cluster, verb } = info;
    return resource && verb === 'watch' ? this.control.watches.add({ ...resource, cluster }) : () => undefined;
  }

  private estimate(request: KnownRequest, mostSeats: number): WorkEstimate {
    const { verb, resource, cluster } = request.info;
    if (!resource) return ONE_SEAT;
    if (verb === 'list' || (verb === 'watch' && beginsWithList(request)) || verb === 'deletecollection') {
      return this.estimateList(request, resource, mostSeats);
    }
    if (!WRITES.has(verb) || resource.subresource === 'token') return ONE_SEAT;
    const { watches: counts } = this.control;
    const watches = counts.isEmpty ? 0 : counts.interestedIn({ ...resource, cluster });
    return estimateWrite({ bytes: request.body?.length ?? 0, watches }, mostSeats);
  }

  private estimateList(
    { query, headers, info }: KnownRequest,
    resource: ResourceInfo,
    mostSeats: number,
  ): WorkEstimate {
    // What there is now tells what it costs to read what there was.
    const stores = this.registry.peek(presentCluster(info.cluster));
    const store = stores?.find(resource.group, resource.version, resource.resource);
    const selects = query.has('labelSelector') || query.has('fieldSelector');
    const work = {
      size: store?.sizeIn(info.cluster),
      limit: Number(query.get('limit')) || 0,
      isSingle: resource.name !== '',
      selects,
      // Each object is deleted by itself, where no selector says which.
      converts: CONVERTED.test(headers.accept ?? '') || (info.verb === 'deletecollection' && !selects),
    };
    return estimateList(work, mostSeats);
  }
}
