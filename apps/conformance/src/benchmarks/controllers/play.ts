import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { eventually } from '../../eventually.js';
import { measured, rounded } from '../turns/cost.js';
import { atOnce, inFreshCluster, makeAll, makeNamespace, request } from '../turns/requests.js';
import type { BenchServer } from '../turns/server.js';
import { type RunningWorker, type Side, startWorker } from '../turns/worker.js';
import { HollowKubelets } from './hollow-kubelets.js';
import { untilAll } from './until-all.js';
import { NAMESPACE, type Workload } from './workloads.js';
import { writesIn } from './writes.js';

/** What one controller manager did with one workload. */
export interface Turn {
  readonly seconds: number;
  /** Processor time of the controller manager, and of the API server with its store, seconds. */
  readonly managerCpu: number;
  readonly serverCpu: number;
  /** Requests of the controller manager that changed something. */
  readonly writes: number;
}

export interface Stage {
  readonly ctx: Context;
  readonly server: BenchServer;
  readonly client: KubeClient;
  /** A name no other turn has. */
  readonly cluster: string;
}

const PATIENCE_SECONDS = 900;

const isGone = ({ ctx }: Stage, client: KubeClient): Promise<boolean> =>
  client
    .resource(refs.namespaces)
    .get(ctx, { name: NAMESPACE })
    .then(() => false, isNotFound);

/** Whoever gives a new namespace its account has begun. */
async function untilItWorks({ ctx }: Stage, client: KubeClient, worker: RunningWorker): Promise<void> {
  await makeNamespace(ctx, client, NAMESPACE);
  const name = { name: 'default', namespace: NAMESPACE };
  const given = () => {
    worker.check();
    return client.resource(refs.serviceaccounts).get(ctx, name);
  };
  await eventually('a namespace is given its account', given, PATIENCE_SECONDS);
}

async function act(stage: Stage, client: KubeClient, { act: requests, over }: Workload): Promise<void> {
  const { ctx } = stage;
  await atOnce(requests, ({ method, path, body }) => request(ctx, client, method, path, body));
  if (over) await untilAll(ctx, client, over);
  else await eventually('the namespace is gone', () => isGone(stage, client), PATIENCE_SECONDS);
}

async function timed(stage: Stage, client: KubeClient, workload: Workload, worker: RunningWorker): Promise<Turn> {
  const { ctx, server } = stage;
  const kubelets = new HollowKubelets(ctx, client);
  await kubelets.start();
  try {
    await makeAll(ctx, client, workload.before?.made ?? []);
    if (workload.before?.settled) await untilAll(ctx, client, workload.before.settled);
    const others = () => kubelets.writes;
    const [before, othersBefore] = [await writesIn(ctx, stage.client), others()];
    const processes = { manager: worker.pid, server: server.pid };
    const { seconds, cpu } = await measured(processes, () => act(stage, client, workload));
    const all = (await writesIn(ctx, stage.client)) - before;
    const writes = all - (others() - othersBefore) - workload.act.length;
    return { seconds, managerCpu: rounded(cpu.manager ?? 0), serverCpu: rounded(cpu.server ?? 0), writes };
  } finally {
    kubelets.stop();
  }
}

/** Lets one controller manager do one workload in a fresh logical cluster. */
export function play(stage: Stage, workload: Workload, side: Side): Promise<Turn> {
  const { ctx, server, cluster } = stage;
  return inFreshCluster(ctx, stage.client, cluster, async (client) => {
    const worker = await startWorker(server, cluster, 'kube-controller-manager', side);
    try {
      await untilItWorks(stage, client, worker);
      return await timed(stage, client, workload, worker);
    } finally {
      await worker.end();
    }
  });
}
