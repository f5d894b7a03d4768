import type { ExtensionPoint } from '../configuration/extension-points.js';
import type { KubeSchedulerProfile } from '../configuration/types.js';
import type { Handle } from './handle.js';
import type {
  BindPlugin,
  FilterPlugin,
  PermitPlugin,
  Plugin,
  PostBindPlugin,
  PostFilterPlugin,
  PreBindPlugin,
  PreEnqueuePlugin,
  QueueSortPlugin,
  ReservePlugin,
  ScorePlugin,
} from './plugin.js';

/** What a plugin must be to stand at a point. */
export interface PluginAt {
  readonly preEnqueue: PreEnqueuePlugin;
  readonly queueSort: QueueSortPlugin;
  readonly preFilter: FilterPlugin;
  readonly filter: FilterPlugin;
  readonly postFilter: PostFilterPlugin;
  readonly preScore: ScorePlugin;
  readonly score: ScorePlugin;
  readonly reserve: ReservePlugin;
  readonly permit: PermitPlugin;
  readonly preBind: PreBindPlugin;
  readonly bind: BindPlugin;
  readonly postBind: PostBindPlugin;
}

type Together<P extends ExtensionPoint> = { readonly [K in P]: (plugin: PluginAt[K]) => void }[P] extends (
  plugin: infer All,
) => void
  ? All
  : never;

/** A plugin that can be turned on: where it stands, and how it is made. */
export interface PluginFactory {
  readonly points: ReadonlySet<ExtensionPoint>;
  create(handle: Handle, profile: KubeSchedulerProfile): Plugin;
}

/** What can be turned on, by name. */
export type Registry = Readonly<Record<string, PluginFactory>>;

/** Says where a plugin stands: what is made must be fit for all these points. */
export function plugin<P extends ExtensionPoint>(
  points: readonly P[],
  create: (handle: Handle, profile: KubeSchedulerProfile) => Together<P>,
): PluginFactory {
  return { points: new Set<ExtensionPoint>(points), create: create as PluginFactory['create'] };
}
