import type { CrossVersionObjectReference } from '@binnacle/apis-kubernetes/autoscaling/v2';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type KubeObject, StatusError, type StatusReason } from '@binnacle/machinery-meta';
import { RecentDiscovery } from '../discovery/recent-discovery.js';

/** The part of an object by which it is scaled. */
export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas?: number; selector?: string };
}

const KNOWN = [refs.deployments, refs.replicasets, refs.statefulsets, refs.replicationcontrollers];

interface ErrorStatus {
  readonly message?: string;
  readonly reason?: StatusReason;
}

/** Reads and writes `scale` of whatever has it. */
export class ScaleClient {
  constructor(
    private readonly client: KubeClient,
    private readonly discovery = new RecentDiscovery(client),
  ) {}

  /** Rejects where there is no such kind, or none that has objects of many Pods. */
  async find(ctx: Context, { apiVersion = 'v1', kind }: CrossVersionObjectReference): Promise<ResourceRef> {
    const [group = '', version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const known = KNOWN.find((ref) => ref.group === group && ref.kind === kind && ref.version === version);
    if (known) return known;
    const found = await this.discovery.find(ctx, group, kind);
    if (found) return found;
    throw new Error(`no matches for kind "${kind}" in group "${group}"`);
  }

  async get(ctx: Context, ref: ResourceRef, namespace: string, name: string): Promise<Scale> {
    const base = ref.group ? `/apis/${ref.group}` : '/api';
    const path = `${base}/${ref.version}/namespaces/${namespace}/${ref.plural}/${encodeURIComponent(name)}/scale`;
    const { status, body } = await this.client.raw(ctx, 'GET', path);
    if (status === 200) return JSON.parse(body) as Scale;
    const { message = body.trim(), reason = 'ServiceUnavailable' } = errorOf(body);
    throw new StatusError(status, reason, message);
  }

  async update(ctx: Context, ref: ResourceRef, scale: Scale): Promise<void> {
    await this.client.resource<Scale>(ref).updateSubresource(ctx, scale, 'scale');
  }
}

function errorOf(body: string): ErrorStatus {
  try {
    return JSON.parse(body) as ErrorStatus;
  } catch {
    return {};
  }
}
