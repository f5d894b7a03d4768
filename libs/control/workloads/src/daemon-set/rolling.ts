import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type DaemonView, type Generations, generationsOn, isAvailable, type NodeDaemons } from './daemons.js';
import { updateLimits } from './limits.js';
import { BURST_DAEMONS, type DaemonPlan } from './plan.js';

/** A node with its daemons of the new template and of an older one; undefined where those are not in order yet. */
interface Standing {
  readonly node: NodeDaemons;
  readonly daemons: Generations | undefined;
}

/** Nodes that count for an update: those that want a daemon and those that have one. */
function standings(view: DaemonView): Standing[] {
  const counted = view.nodes.filter(({ placement, pods }) => placement === 'run' || pods.length > 0);
  return counted.map((node) => ({ node, daemons: generationsOn(view, node) }));
}

/** Without an old daemon alone, a node counts as available where its new one is. */
const isWithout = (view: DaemonView, { daemons }: Standing): boolean => {
  if (!daemons || Boolean(daemons.old) === Boolean(daemons.next)) return true;
  return !isAvailable(view, daemons.next ?? daemons.old);
};

/** Old daemons go as far as nodes may be without one; those of no use go in any case. */
function planDeletes(view: DaemonView, most: number): DaemonPlan {
  const all = standings(view);
  const room = Math.max(0, most - all.filter((one) => isWithout(view, one)).length);
  const old = all.flatMap(({ daemons }) => (daemons?.old && !daemons.next ? [daemons.old] : []));
  const useless = old.filter((pod) => !isAvailable(view, pod));
  const useful = old.filter((pod) => isAvailable(view, pod));
  return { create: [], remove: [...useless, ...useful.slice(0, room)] };
}

/** Old daemons whose nodes want none any more go when enough others are available. */
function sunset(view: DaemonView, all: readonly Standing[], wanted: number): Pod[] {
  const available = all.filter(({ daemons }) => isAvailable(view, daemons?.old ?? daemons?.next)).length;
  const unwanted = all.filter(({ node, daemons }) => node.placement !== 'run' && !daemons?.next);
  const old = unwanted.flatMap(({ daemons }) => (daemons?.old ? [daemons.old] : []));
  const useful = old.filter((pod) => isAvailable(view, pod));
  return [...old.filter((pod) => !isAvailable(view, pod)), ...useful.slice(0, Math.max(0, available - wanted))];
}

/** New daemons come beside the old ones, which go when those are available. */
function planSurges(view: DaemonView, most: number, wanted: number): DaemonPlan {
  const all = standings(view);
  const both = all.filter(({ daemons }) => daemons?.old && daemons.next);
  const surging = all.filter(
    ({ daemons }) => !daemons || (daemons.old && daemons.next && !isAvailable(view, daemons.next)),
  );
  const replaced = both.filter(({ daemons }) => isAvailable(view, daemons?.next));
  const candidates = all.filter(({ node, daemons }) => node.placement === 'run' && daemons?.old && !daemons.next);
  const useless = candidates.filter(({ daemons }) => !isAvailable(view, daemons?.old));
  const useful = candidates.filter(({ daemons }) => isAvailable(view, daemons?.old));
  const room = Math.max(0, most - surging.length);
  return {
    create: [...useless, ...useful.slice(0, room)].map(({ node }) => node.name),
    remove: [...replaced.flatMap(({ daemons }) => (daemons?.old ? [daemons.old] : [])), ...sunset(view, all, wanted)],
  };
}

/** The next step of a rolling update. Behaves as kubernetes pkg/controller/daemon rollingUpdate. */
export function planRolling(view: DaemonView): DaemonPlan {
  if (view.set.spec?.updateStrategy?.type !== 'RollingUpdate') return { create: [], remove: [] };
  const wanted = view.nodes.filter(({ placement }) => placement === 'run').length;
  const { surge, unavailable } = updateLimits(view.set, wanted);
  const { create, remove } = surge > 0 ? planSurges(view, surge, wanted) : planDeletes(view, unavailable);
  return { create: create.slice(0, BURST_DAEMONS), remove: remove.slice(0, BURST_DAEMONS) };
}
