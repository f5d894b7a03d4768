import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { isPodReady } from '../pods/pod-state.js';
import { type DaemonView, isAvailable, isLeaving, type NodeDaemons, oldestFirst } from './daemons.js';
import { allowsSurge } from './limits.js';
import { isUpdated } from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';

/** As upstream: no more than so many Pods are made or deleted in one go. */
export const BURST_DAEMONS = 250;

/** Names of nodes that get a daemon, and daemons that go. */
export interface DaemonPlan {
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
}

/** A daemon that ended, which is deleted so that another comes. */
export interface Ended {
  readonly node: string;
  readonly pod: Pod;
}

export interface UpkeepPlan extends DaemonPlan {
  /** Of those removed: the ones to tell of. */
  readonly ended: readonly Ended[];
  /** When the first failed daemon that is left for now may go. */
  readonly againAt?: number;
}

/** When a failed daemon of a node may be deleted: at once, or at a time. */
export type RetryAt = (node: string) => number | undefined;

const NOTHING: UpkeepPlan = { create: [], remove: [], ended: [] };

/** Two daemons of a surge: the old one goes when it is of no use any more, or the new one is. */
function planSurge(view: DaemonView, node: NodeDaemons, running: readonly Pod[]): DaemonPlan {
  const { set, hash } = view;
  if (running.length === 0) return { create: node.placement === 'run' ? [node.name] : [], remove: [] };
  const ordered = oldestFirst(running);
  const next = ordered.find((pod) => isUpdated(set, pod, hash));
  const old = ordered.find((pod) => !isUpdated(set, pod, hash));
  const excess = ordered.filter((pod) => pod !== next && pod !== old);
  const oldGoes = old && next && (!isPodReady(old) || isAvailable(view, next));
  return { create: [], remove: oldGoes ? [...excess, old] : excess };
}

function planStaying(view: DaemonView, node: NodeDaemons, retryAt: RetryAt): UpkeepPlan {
  const staying = node.pods.filter((pod) => !isLeaving(pod));
  const phase = (wanted: string) => staying.filter(({ status }) => status?.phase === wanted);
  const failed = phase('Failed');
  const later = failed.length > 0 ? retryAt(node.name) : undefined;
  const ended = [...(later === undefined ? failed : []), ...phase('Succeeded')];
  const running = staying.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded');
  const { create, remove } = allowsSurge(view.set)
    ? planSurge(view, node, running)
    : { create: [], remove: oldestFirst(running).slice(1) };
  return {
    create,
    remove: [...ended, ...remove],
    ended: ended.map((pod) => ({ node: node.name, pod })),
    ...(later !== undefined && { againAt: later }),
  };
}

function planNode(view: DaemonView, node: NodeDaemons, retryAt: RetryAt): UpkeepPlan {
  if (node.placement === 'leave') return { ...NOTHING, remove: node.pods.filter((pod) => !isLeaving(pod)) };
  if (node.placement === 'run' && node.pods.length === 0) return { ...NOTHING, create: [node.name] };
  return planStaying(view, node, retryAt);
}

/**
 * A daemon on every node that wants one, and none elsewhere. Behaves as kubernetes pkg/controller/daemon manage and
 * podsShouldBeOnNode.
 */
export function planUpkeep(view: DaemonView, retryAt: RetryAt): UpkeepPlan {
  const plans = view.nodes.map((node) => planNode(view, node, retryAt));
  const times = plans.map(({ againAt }) => againAt).filter((at) => at !== undefined);
  const lost = view.astray.filter(({ spec }) => !spec?.nodeName);
  return {
    create: plans.flatMap(({ create }) => create).slice(0, BURST_DAEMONS),
    remove: [...plans.flatMap(({ remove }) => remove), ...lost].slice(0, BURST_DAEMONS),
    ended: plans.flatMap(({ ended }) => ended),
    ...(times.length > 0 && { againAt: Math.min(...times) }),
  };
}
