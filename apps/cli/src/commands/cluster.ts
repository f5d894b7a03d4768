import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_NODE_AGENT } from '@binnacle/apis-kubernetes/well-known';
import type { ClusterObject, KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { asAdmin, ask, say } from './as-admin.js';
import { ageOf, clusterName, nodeCount, sizeOf } from './cluster-arguments.js';

const AGENT = 'kubelet-sim';
const NAME_WIDTH = 40;

const asClusterAdmin = <T>(root: string, work: (client: KubeClient) => Promise<T>): Promise<T> =>
  asAdmin(root, 'binnacle cluster', work);

/** As the agent of the installation carries it. */
function simulatedNode(index: number): Node {
  const name = `worker-${index + 1}`;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { [LABEL_NODE_AGENT]: AGENT } },
    spec: { providerID: `simulated://${AGENT}/${name}` },
  };
}

export interface NewClusterFlags {
  readonly dataDir: string;
  readonly nodes: string;
  /** A revision of the source; its present where it is left out. */
  readonly at?: string;
}

/** Makes a logical cluster, empty or as another is or was, with simulated nodes. */
export async function createCluster(
  ctx: Context,
  name: string,
  flags: NewClusterFlags,
  source?: string,
): Promise<void> {
  const nodes = Array.from({ length: nodeCount(flags.nodes) }, (_, index) => simulatedNode(index));
  const from = source && { cluster: clusterName(source), ...(flags.at && { resourceVersion: flags.at }) };
  const body = { metadata: { name: clusterName(name) }, ...(from && { spec: { source: from } }) };
  await asClusterAdmin(flags.dataDir, async (client) => {
    await ask(ctx, client, 'POST', '/clusters', body);
    for (const node of nodes) await client.inCluster(name).resource<Node>(refs.nodes).create(ctx, node);
  });
  const what = source ? `Forked ${source} as ${name}` : `Made ${name}`;
  say(`${what}, with ${nodes.length} simulated nodes; "binnacle kubeconfig --cluster ${name}" leads there`);
}

export async function listClusters(ctx: Context, root: string): Promise<void> {
  const { items } = (await asClusterAdmin(root, (client) => ask(ctx, client, 'GET', '/clusters'))) as {
    items: readonly ClusterObject[];
  };
  say(`${'NAME'.padEnd(NAME_WIDTH)} ${'REVISION'.padEnd(12)} ${'PODS'.padEnd(18)} MADE`);
  for (const { metadata, spec } of items) {
    const { name = '', resourceVersion = '', creationTimestamp = '' } = metadata;
    say(
      `${name.padEnd(NAME_WIDTH)} ${resourceVersion.padEnd(12)} ${(spec?.podCIDR ?? '').padEnd(18)} ${creationTimestamp}`,
    );
  }
}

export async function deleteCluster(ctx: Context, name: string, root: string): Promise<void> {
  await asClusterAdmin(root, (client) => ask(ctx, client, 'DELETE', `/clusters/${clusterName(name)}`));
  say(`Deleted ${name}`);
}

export interface RetainFlags {
  readonly dataDir: string;
  readonly age?: string;
  readonly size?: string;
}

/** Says how much of a cluster's past is kept; what is left out goes back to the default. */
export async function retainCluster(ctx: Context, name: string, { dataDir, age, size }: RetainFlags): Promise<void> {
  const retention = { seconds: age === undefined ? null : ageOf(age), bytes: size === undefined ? null : sizeOf(size) };
  const path = `/clusters/${clusterName(name)}`;
  await asClusterAdmin(dataDir, (client) => ask(ctx, client, 'PATCH', path, { spec: { retention } }));
  const limits = [age && `for ${age}`, size && `up to ${size}`].filter(Boolean).join(', ');
  say(`The past of ${name} is kept ${limits || 'as long as the server keeps others'}`);
}
