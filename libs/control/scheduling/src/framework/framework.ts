import type {
  BindPlugin,
  FilterPlugin,
  PermitPlugin,
  PostBindPlugin,
  PostFilterPlugin,
  PreBindPlugin,
  PreEnqueuePlugin,
  QueueSortPlugin,
  ReservePlugin,
  ScorePlugin,
} from './plugin.js';
import type { QueueingHints } from './queueing-hint.js';

/** A plugin and how much its scores count. */
export interface WeightedScore {
  readonly plugin: ScorePlugin;
  readonly weight: number;
}

/** What decides where a Pod goes. */
export interface Plugins {
  readonly filters: readonly FilterPlugin[];
  readonly scores: readonly WeightedScore[];
}

/** A profile's plugins at each extension point, in their order. Behaves as kubernetes pkg/scheduler/framework Framework. */
export interface Framework extends Plugins {
  /** The `schedulerName` of the Pods it is for. */
  readonly profileName: string;
  readonly preEnqueues: readonly PreEnqueuePlugin[];
  readonly queueSort: QueueSortPlugin;
  readonly postFilters: readonly PostFilterPlugin[];
  readonly reserves: readonly ReservePlugin[];
  readonly permits: readonly PermitPlugin[];
  readonly preBinds: readonly PreBindPlugin[];
  readonly binds: readonly BindPlugin[];
  readonly postBinds: readonly PostBindPlugin[];
  readonly hints: QueueingHints;
}
