import { settleBounded } from '@binnacle/client-controller';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { type DiscoveredResource, discover, supports } from '../discovery/discovery.js';
import type { ContentReport, Remaining } from './plan.js';

const PARALLEL = 8;
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Deletes everything in a namespace, Pods before what they may still need. */
export class ContentDeleter {
  constructor(private readonly client: KubeClient) {}

  async deleteContent(ctx: Context, namespace: string): Promise<ContentReport> {
    let resources: DiscoveredResource[];
    try {
      resources = (await discover(ctx, this.client)).filter((one) => one.namespaced && supports(one, 'list', 'delete'));
    } catch (error) {
      return { remaining: [], deletionErrors: [], discoveryError: text(error) };
    }
    const isPods = ({ group, plural }: DiscoveredResource) => group === '' && plural === 'pods';
    const pods = await this.deleteAll(ctx, namespace, resources.filter(isPods));
    if (pods.remaining.length > 0 || pods.deletionErrors.length > 0) return pods;
    return this.deleteAll(
      ctx,
      namespace,
      resources.filter((resource) => !isPods(resource)),
    );
  }

  private async deleteAll(
    ctx: Context,
    namespace: string,
    resources: readonly DiscoveredResource[],
  ): Promise<ContentReport> {
    const results = await settleBounded(resources, PARALLEL, (resource) => this.deleteOf(ctx, namespace, resource));
    const remaining = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    const deletionErrors = results.flatMap((result) => (result.status === 'rejected' ? [text(result.reason)] : []));
    return { remaining, deletionErrors };
  }

  /** Answers what is left; most resources have nothing, which one list of metadata tells. */
  private async deleteOf(ctx: Context, namespace: string, resource: DiscoveredResource): Promise<Remaining[]> {
    const list = () => this.client.metadata(resource).list(ctx, { namespace });
    const before = (await list()).items;
    if (before.length === 0) return [];
    if (before.some(({ metadata }) => !metadata.deletionTimestamp)) {
      await this.deleteObjects(
        ctx,
        namespace,
        resource,
        before.map(({ metadata }) => metadata.name ?? ''),
      );
    }
    const objects = (await list()).items;
    return objects.length > 0 ? [{ resource: `${resource.plural}.${resource.group}`, objects }] : [];
  }

  private async deleteObjects(ctx: Context, namespace: string, resource: DiscoveredResource, names: readonly string[]) {
    const client = this.client.resource(resource);
    const options = { propagationPolicy: 'Background' as const };
    if (supports(resource, 'deletecollection')) return client.deleteCollection(ctx, { namespace }, options);
    const results = await settleBounded(names, PARALLEL, (name) => client.delete(ctx, { name, namespace }, options));
    const failed = results.find((result) => result.status === 'rejected' && !isNotFound(result.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }
}
