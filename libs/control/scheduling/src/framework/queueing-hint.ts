import type { PodInfo } from '../pod/pod-info.js';
import { type ActionType, type ClusterEvent, type EventOf, type EventResource, UPDATES } from './cluster-event.js';

/** Whether an event may let a Pod be scheduled that a plugin rejected. */
export type QueueingHint = 'Queue' | 'QueueSkip';

/** Events a plugin wants to hear of, and what it says of each. `Update` stands for every kind of update. */
export interface ClusterEventWithHint {
  readonly resource: EventResource;
  readonly actions: readonly ActionType[];
  readonly hint: (pod: PodInfo, event: ClusterEvent) => QueueingHint;
}

/** What a plugin has that rejects Pods. Without it every event wakes what it rejected. */
export interface EnqueueExtensions {
  /** Behaves as kubernetes kube-scheduler/framework EventsToRegister. */
  eventsToRegister?(): readonly ClusterEventWithHint[];
}

/** Events of one resource; without `helps` each of them may help. */
export function on<R extends EventResource>(
  resource: R,
  actions: readonly ActionType[],
  helps: (pod: PodInfo, event: EventOf<R>) => boolean = () => true,
): ClusterEventWithHint {
  // Whoever asks finds hints by their resource.
  return { resource, actions, hint: (pod, event) => (helps(pod, event as EventOf<R>) ? 'Queue' : 'QueueSkip') };
}

const meaning = (action: ActionType): readonly ActionType[] => (action === 'Update' ? UPDATES : [action]);

interface PluginHint {
  readonly plugin: string;
  readonly hint: ClusterEventWithHint['hint'];
}

interface NamedExtensions extends EnqueueExtensions {
  readonly name: string;
}

/** Which plugins of a profile hope for which events. */
export class QueueingHints {
  private readonly byEvent = new Map<string, PluginHint[]>();
  /** Plugins that do not say what they hope for: anything. */
  private readonly unsaid = new Set<string>();
  private readonly named = new Set<string>();

  constructor(plugins: readonly NamedExtensions[]) {
    for (const plugin of plugins) this.register(plugin);
  }

  /** What the plugins together want to hear of. */
  get resources(): ReadonlySet<EventResource> {
    return new Set([...this.byEvent.keys()].map((key) => key.slice(0, key.indexOf(' ')) as EventResource));
  }

  /** Whether any plugin at all hopes for such events. */
  concerns(event: ClusterEvent): boolean {
    return this.unsaid.size > 0 || this.hintsFor(event).length > 0;
  }

  /** Whether the plugin hopes for such events. */
  hears(plugin: string, event: ClusterEvent): boolean {
    return !this.says(plugin) || this.hintsFor(event).some((hint) => hint.plugin === plugin);
  }

  /** Which of these plugins think that the event may help the Pod. */
  *hopeful(event: ClusterEvent, pod: PodInfo, plugins: ReadonlySet<string>): Generator<string> {
    for (const plugin of plugins) if (!this.says(plugin)) yield plugin;
    for (const { plugin, hint } of this.hintsFor(event)) {
      if (plugins.has(plugin) && hint(pod, event) === 'Queue') yield plugin;
    }
  }

  private says(plugin: string): boolean {
    return this.named.has(plugin);
  }

  private hintsFor({ resource, action }: ClusterEvent): readonly PluginHint[] {
    return this.byEvent.get(`${resource} ${action}`) ?? [];
  }

  private register(plugin: NamedExtensions): void {
    const events = plugin.eventsToRegister?.();
    if (events) this.named.add(plugin.name);
    else this.unsaid.add(plugin.name);
    for (const { resource, actions, hint } of events ?? []) {
      for (const action of actions.flatMap(meaning)) {
        const key = `${resource} ${action}`;
        this.byEvent.set(key, [...(this.byEvent.get(key) ?? []), { plugin: plugin.name, hint }]);
      }
    }
  }
}
