import type { Context } from '@binnacle/machinery-context';
import type { ClusterDirectory, ObjectSource } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { nodesAsked } from './clusters/cluster-networks.js';
import { KubeletConnection, type KubeletClientTls } from './kubelet/kubelet-connection.js';
import { KubeletSummaries } from './node-metrics/kubelet-summaries.js';
import { ofNodes, ofPods, ResourceMetrics } from './node-metrics/resource-metrics.js';
import { UsageHistory } from './usage/usage-history.js';
import { UsageSampler } from './usage/usage-sampler.js';
import { UsageSource } from './usage/usage-source.js';
import { usedByNodes, usedByPods, usedByWorkloads } from './usage/used.js';

/** What Nodes and Pods use, which their kubelets know. */
export interface Usage {
  readonly sources: Readonly<Record<string, ObjectSource>>;
  /** Undefined where the server has no way to show kubelets who it is. */
  readonly sampler: UsageSampler | undefined;
}

export function composeUsage(
  ctx: Context,
  tls: KubeletClientTls | undefined,
  storage: StorageReader,
  directory: ClusterDirectory,
): Usage {
  const summaries = tls && new KubeletSummaries(new KubeletConnection(tls), nodesAsked(directory));
  const history = new UsageHistory();
  const sampler = summaries && new UsageSampler(ctx, { storage, summaries, history });
  const sources = {
    'metrics.k8s.io/nodes': new ResourceMetrics(ofNodes, storage, summaries),
    'metrics.k8s.io/pods': new ResourceMetrics(ofPods, storage, summaries),
    'usage.binnacle.dev/nodeusages': new UsageSource({ storage, sampler, of: 'nodes', find: usedByNodes }),
    'usage.binnacle.dev/podusages': new UsageSource({ storage, sampler, of: 'pods', find: usedByPods }),
    'usage.binnacle.dev/workloadusages': new UsageSource({ storage, sampler, of: 'pods', find: usedByWorkloads }),
  };
  return { sources, sampler };
}
