import { ROOT_CLUSTER } from '@binnacle/apis-iam';
import {
  DEFAULT_CLUSTER,
  newAlreadyExists,
  newForbidden,
  newMethodNotSupported,
  newNotFound,
  newUnknownPath,
} from '@binnacle/machinery-meta';
import {
  type ClusterDirectory,
  type ClusterUpkeep,
  forgetNodes,
  forgetServiceRanges,
  type Registry,
  systemContext,
} from '@binnacle/server-registry';
import { type ClusterInfo, isStorageError, type Storage } from '@binnacle/server-storage';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import { clusterList, clusterObject, CLUSTERS, type NetworkOf } from './cluster-object.js';
import { type NewCluster, readClusterChange, readNewCluster, type Retention } from './cluster-request.js';
import { setVisibleLists } from './set-visible-lists.js';
import { watchClusters } from './clusters-watch.js';
import { MakingTurns } from './making-turns.js';

/** Changes how much of a cluster's past is kept. */
export type SetRetention = (ctx: ApiRequest['ctx'], cluster: string, retention: Retention) => Promise<void>;

export interface ClustersParts {
  readonly storage: Pick<Storage, 'createCluster' | 'forkCluster' | 'deleteCluster' | 'revision'>;
  readonly registry: Registry;
  readonly directory: ClusterDirectory;
  readonly upkeep: Pick<ClusterUpkeep, 'make' | 'used'>;
  readonly networkOf: NetworkOf;
  /** Without it every cluster keeps what the server keeps. */
  readonly setRetention?: SetRetention;
}

const COLLECTION = '/clusters';

/** Serves `/clusters`, where logical clusters are listed, watched and made, and changes and deletes `/clusters/<name>`. */
export class ClustersHandler {
  private readonly turns = new MakingTurns();

  constructor(private readonly parts: ClustersParts) {}

  handle(request: ApiRequest): ApiAnswer | Promise<ApiAnswer> | undefined {
    const { info, method } = request;
    if (info.path === COLLECTION && info.cluster === DEFAULT_CLUSTER) return this.collection(request);
    if (info.path !== '/') return undefined;
    if (method === 'DELETE') return this.remove(request);
    return method === 'PATCH' ? this.change(request) : undefined;
  }

  private collection(request: ApiRequest): ApiAnswer | Promise<ApiAnswer> {
    const { directory, networkOf } = this.parts;
    if (request.method === 'POST') return this.create(request);
    if (!['GET', 'HEAD'].includes(request.method)) throw newMethodNotSupported(CLUSTERS, request.method);
    if (request.info.verb === 'watch') return watchClusters(request, directory, networkOf);
    const all = [...directory.all].sort((a, b) => (a.name < b.name ? -1 : 1));
    return jsonAnswer(clusterList(all.map((cluster) => clusterObject(cluster, networkOf))));
  }

  private async create(request: ApiRequest): Promise<ApiAnswer> {
    const asked = readNewCluster(request);
    return this.turns.run(request.ctx, () => this.createInTurn(request.ctx, asked));
  }

  private async createInTurn(ctx: ApiRequest['ctx'], asked: NewCluster): Promise<ApiAnswer> {
    const made = await this.make(ctx, asked);
    const { networkOf, upkeep, storage } = this.parts;
    if (!networkOf(made)) {
      await storage.deleteCluster(ctx, made.name);
      throw newForbidden(CLUSTERS, made.name, 'there are no addresses left for another cluster');
    }
    try {
      await upkeep.make(ctx, made.name);
    } catch (error) {
      // The cluster is there: what it lacks is made as soon as that can be.
      ctx.logger.warn('a new cluster lacks some of its system objects for now', { cluster: made.name, error });
      upkeep.used(made.name);
    }
    const revision = await storage.revision(ctx, made.name).catch(() => made.revision);
    return jsonAnswer(clusterObject({ ...made, revision }, networkOf), 201);
  }

  private async make(ctx: ApiRequest['ctx'], { name, source }: NewCluster): Promise<ClusterInfo> {
    const { storage } = this.parts;
    try {
      return await (source ? this.fork(ctx, name, source) : storage.createCluster(ctx, name));
    } catch (error) {
      if (isStorageError(error, 'exists')) throw newAlreadyExists(CLUSTERS, name);
      throw error;
    }
  }

  private async fork(ctx: ApiRequest['ctx'], name: string, source: NonNullable<NewCluster['source']>) {
    const { storage, registry, directory } = this.parts;
    if (!(await directory.find(ctx, source.cluster))) throw newNotFound(CLUSTERS, source.cluster);
    const at = source.revision ?? (await storage.revision(ctx, source.cluster));
    const made = await storage.forkCluster(ctx, source.cluster, at, name);
    // They are machines of the source, with addresses of its network.
    await forgetNodes(systemContext(ctx, name), registry);
    await forgetServiceRanges(systemContext(ctx, name), registry);
    return made;
  }

  private async remove({ ctx, info: { cluster } }: ApiRequest): Promise<ApiAnswer> {
    if (cluster === DEFAULT_CLUSTER || cluster === ROOT_CLUSTER)
      throw newForbidden(CLUSTERS, cluster, `the cluster ${cluster} belongs to the installation and stays`);
    await this.existing(ctx, cluster);
    await this.parts.storage.deleteCluster(ctx, cluster).catch((error: unknown) => {
      throw isStorageError(error, 'unknownCluster') ? newNotFound(CLUSTERS, cluster) : error;
    });
    const details = { name: cluster, group: CLUSTERS.group, kind: CLUSTERS.resource };
    return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }

  private async change(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx, info } = request;
    const { setRetention, networkOf, registry } = this.parts;
    const { retention, visibleLists } = readClusterChange(request);
    if (retention && !setRetention) throw newUnknownPath();
    const cluster = await this.existing(ctx, info.cluster);
    if (retention) await setRetention?.(ctx, info.cluster, retention);
    if (visibleLists !== undefined) await setVisibleLists(ctx, registry, visibleLists);
    return jsonAnswer(clusterObject(cluster, networkOf, visibleLists));
  }

  private async existing(ctx: ApiRequest['ctx'], name: string) {
    const cluster = await this.parts.directory.find(ctx, name);
    if (!cluster) throw newNotFound(CLUSTERS, name);
    return cluster;
  }
}
