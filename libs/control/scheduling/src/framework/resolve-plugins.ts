import { EXTENSION_POINTS, type ExtensionPoint, titleOf } from '../configuration/extension-points.js';
import { ConfigurationError } from '../configuration/read-configuration.js';
import type { KubeSchedulerProfile, PluginRef, ProfilePlugins } from '../configuration/types.js';
import type { Registry } from './registry.js';

/** The names of a profile's plugins at each point, in their order, and what their scores weigh. */
export interface ResolvedPlugins {
  readonly points: Readonly<Record<ExtensionPoint, readonly string[]>>;
  readonly weights: ReadonlyMap<string, number>;
}

const typeOf = (point: ExtensionPoint): string => `${titleOf(point)}Plugin`;

/** What is turned on at the point itself. */
function explicit(point: ExtensionPoint, enabled: readonly PluginRef[], registry: Registry): string[] {
  const names: string[] = [];
  for (const { name } of enabled) {
    const factory = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!factory) throw new ConfigurationError(`${typeOf(point)} "${name}" does not exist`);
    if (!factory.points.has(point))
      throw new ConfigurationError(`plugin "${name}" does not extend ${typeOf(point)} plugin`);
    if (names.includes(name)) throw new ConfigurationError(`plugin "${name}" already registered as "${typeOf(point)}"`);
    names.push(name);
  }
  return names;
}

/** What is turned on everywhere, of which this point has its own idea of some. */
function everywhere(point: ExtensionPoint, { multiPoint }: ProfilePlugins, registry: Registry): string[] {
  const names: string[] = [];
  for (const { name } of multiPoint?.enabled ?? []) {
    const factory = Object.hasOwn(registry, name) ? registry[name] : undefined;
    if (!factory) throw new ConfigurationError(`${typeOf(point)} "${name}" does not exist`);
    if (!factory.points.has(point)) continue;
    if (names.includes(name)) throw new ConfigurationError(`plugin "${name}" already registered as "${typeOf(point)}"`);
    names.push(name);
  }
  return names;
}

/** Those named here that stand everywhere come first, then the others of everywhere, then those only named here. */
function atPoint(point: ExtensionPoint, plugins: ProfilePlugins, registry: Registry): readonly string[] {
  const { enabled = [], disabled = [] } = plugins[point] ?? {};
  const own = explicit(point, enabled, registry);
  const off = new Set(disabled.map(({ name }) => name));
  if (off.has('*')) return own;
  const common = everywhere(point, plugins, registry).filter((name) => !off.has(name));
  return [
    ...own.filter((name) => common.includes(name)),
    ...common.filter((name) => !own.includes(name)),
    ...own.filter((name) => !common.includes(name)),
  ];
}

function weightsOf({ score, multiPoint }: ProfilePlugins, scoring: readonly string[]): ReadonlyMap<string, number> {
  const refs = [...(score?.enabled ?? []), ...(multiPoint?.enabled ?? [])];
  return new Map(scoring.map((name) => [name, refs.find((one) => one.name === name)?.weight || 1]));
}

function resolved({ schedulerName, plugins }: KubeSchedulerProfile, registry: Registry): ResolvedPlugins {
  const points = Object.fromEntries(
    EXTENSION_POINTS.map((point) => [point, atPoint(point, plugins, registry)]),
  ) as unknown as ResolvedPlugins['points'];
  const { queueSort, bind, score } = points;
  const whose = `profile with scheduler name "${schedulerName}"`;
  if (queueSort.length !== 1) {
    throw new ConfigurationError(`only one queue sort plugin required for ${whose}, but got ${queueSort.length}`);
  }
  if (bind.length === 0) throw new ConfigurationError(`at least one bind plugin is needed for ${whose}`);
  return { points, weights: weightsOf(plugins, score) };
}

/**
 * Finds which plugins stand where. Behaves as kubernetes pkg/scheduler/framework/runtime expandMultiPointPlugins.
 * @throws ConfigurationError for plugins that do not exist, stand twice or cannot stand there.
 */
export function resolvePlugins(profile: KubeSchedulerProfile, registry: Registry): ResolvedPlugins {
  try {
    return resolved(profile, registry);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const whose = `creating profile for scheduler name ${profile.schedulerName}`;
    throw new ConfigurationError(`initializing profiles: ${whose}: ${error.message}`);
  }
}
