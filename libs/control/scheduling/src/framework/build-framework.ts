import type { ExtensionPoint } from '../configuration/extension-points.js';
import type { KubeSchedulerProfile } from '../configuration/types.js';
import type { Framework } from './framework.js';
import type { Handle } from './handle.js';
import type { FilterPlugin, Plugin, PreFilterResult, ScorePlugin } from './plugin.js';
import { QueueingHints } from './queueing-hint.js';
import type { PluginAt, Registry } from './registry.js';
import { type ResolvedPlugins, resolvePlugins } from './resolve-plugins.js';

/** Where a plugin may reject a Pod. */
const REJECTING = ['preEnqueue', 'preFilter', 'filter', 'reserve', 'permit'] as const;

/** A plugin of both points of which one is turned off. */
function halved(plugin: FilterPlugin, half: 'preFilter' | 'filter'): FilterPlugin {
  return {
    name: plugin.name,
    ...(plugin.lasting && { lasting: true }),
    preFilter(pod, cluster): PreFilterResult | undefined {
      const answer = plugin.preFilter(pod, cluster);
      const result = typeof answer === 'function' ? { filter: answer } : answer;
      if (half === 'filter') return result?.filter && { filter: result.filter };
      return result && { rejection: result.rejection, nodes: result.nodes };
    },
  };
}

/** Each plugin once, however many points it stands at. */
class Instances {
  private readonly made = new Map<string, Plugin>();

  constructor(
    private readonly registry: Registry,
    private readonly names: ResolvedPlugins['points'],
    private readonly make: (name: string) => Plugin,
  ) {}

  at<P extends ExtensionPoint>(point: P): Array<PluginAt[P]> {
    // The registry has said that it can stand here.
    return this.names[point].map((name) => this.get(name) as PluginAt[P]);
  }

  get(name: string): Plugin {
    const known = this.made.get(name) ?? this.make(name);
    this.made.set(name, known);
    return known;
  }

  /** Filters in their order; behind them what only looks at the Pod. */
  filters(): FilterPlugin[] {
    const [looking, filtering] = [new Set(this.names.preFilter), new Set(this.names.filter)];
    const both = [...filtering, ...[...looking].filter((name) => !filtering.has(name))];
    return both.map((name) => {
      const plugin = this.get(name) as FilterPlugin;
      const hasBoth = this.registry[name]?.points.has('preFilter') && this.registry[name]?.points.has('filter');
      if (!hasBoth || (looking.has(name) && filtering.has(name))) return plugin;
      return halved(plugin, looking.has(name) ? 'preFilter' : 'filter');
    });
  }
}

/**
 * Makes the plugins of a profile. Behaves as kubernetes pkg/scheduler/framework/runtime NewFramework.
 * @throws ConfigurationError as `resolvePlugins` does.
 */
export function buildFramework(profile: KubeSchedulerProfile, registry: Registry, handle: Handle): Framework {
  const resolved = resolvePlugins(profile, registry);
  const instances = new Instances(registry, resolved.points, (name) => {
    const factory = registry[name];
    if (!factory) throw new TypeError(`no plugin ${name}`);
    return factory.create(handle, profile);
  });
  const rejecting = new Set(REJECTING.flatMap((point) => instances.at(point)));
  const [queueSort] = instances.at('queueSort');
  if (!queueSort) throw new TypeError('no order of the queue');
  return {
    profileName: profile.schedulerName,
    preEnqueues: instances.at('preEnqueue'),
    queueSort,
    filters: instances.filters(),
    postFilters: instances.at('postFilter'),
    scores: resolved.points.score.map((name) => ({
      plugin: instances.get(name) as ScorePlugin,
      weight: resolved.weights.get(name) ?? 1,
    })),
    reserves: instances.at('reserve'),
    permits: instances.at('permit'),
    preBinds: instances.at('preBind'),
    binds: instances.at('bind'),
    postBinds: instances.at('postBind'),
    hints: new QueueingHints([...rejecting]),
  };
}
