import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { EventRecorder, Pending } from '@binnacle/client-controller';
import { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ClusterCache } from '../cache/cluster-cache.js';
import { DEFAULT_CONFIGURATION } from '../configuration/defaults.js';
import type { KubeSchedulerConfiguration, KubeSchedulerProfile } from '../configuration/types.js';
import { type Attempt, type DecisionOptions, type DecisionView, openDecisionLog } from '../decisions/index.js';
import { SchedulingEngine } from '../engine/scheduling-engine.js';
import { buildFramework } from '../framework/build-framework.js';
import type { EventResource } from '../framework/cluster-event.js';
import type { Framework } from '../framework/framework.js';
import type { Handle, SharedState } from '../framework/handle.js';
import { type Instruments, noInstruments } from '../framework/instruments.js';
import type { Registry } from '../framework/registry.js';
import { IN_TREE_PLUGINS } from '../plugins/registry.js';
import { type QueueSizes, SchedulingQueue } from '../queue/scheduling-queue.js';
import { ClusterEvents } from './cluster-events.js';
import { Failures } from './failures.js';
import { followResources } from './followed-resources.js';
import { queueRules } from './queue-rules.js';
import { type Profile, Scheduler } from './scheduler.js';

export type SchedulerConfiguration = Pick<
  KubeSchedulerConfiguration,
  'profiles' | 'podInitialBackoffSeconds' | 'podMaxBackoffSeconds'
>;

export interface SchedulerOptions {
  readonly configuration?: SchedulerConfiguration;
  /** Plugins that the configuration may name beside those there are. */
  readonly registry?: Registry;
  /** Decides between equally good nodes; the same seed and the same events give the same placements. */
  readonly seed?: number;
  /** Where the API server is to be told of every attempt. */
  readonly decisions?: DecisionOptions;
  readonly instruments?: Instruments;
  /** Given what tells, from now on, what the scheduler has to do. */
  readonly begun?: (pending: () => Pending, sizes: () => QueueSizes) => void;
}

/** Who says in Events what the scheduler of that name did. */
export type Recorders = (schedulerName: string) => EventRecorder;

const DEFAULT_SEED = 36;
const NO_PODS: QueueSizes = { active: 0, backoff: 0, unschedulable: 0, gated: 0 };

/** What the profiles are made of. */
interface Surroundings {
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
  readonly recorders: Recorders;
  readonly shared: SharedState;
  readonly registry: Registry;
  readonly queue: () => SchedulingQueue;
}

interface Built {
  readonly framework: Framework;
  readonly recorder: EventRecorder;
}

function build(profile: KubeSchedulerProfile, { registry, queue, recorders, ...rest }: Surroundings): Built {
  const made: Framework[] = [];
  const recorder = recorders(profile.schedulerName);
  const handle: Handle = {
    ...rest,
    profileName: profile.schedulerName,
    recorder,
    framework: () => {
      const [framework] = made;
      if (!framework) throw new TypeError('plugins are still being made');
      return framework;
    },
    retry: (uid) => queue().retry(uid),
    recheck: (uid) => queue().recheck(uid),
  };
  const framework = buildFramework(profile, registry, handle);
  made.push(framework);
  return { framework, recorder };
}

function sharedState({ clock }: Context, informers: SharedInformerFactory, instruments: Instruments): SharedState {
  const namespaces = informers.for<Namespace>(refs.namespaces);
  return {
    clock,
    cluster: new ClusterCache((name) => namespaces.get(name)?.metadata.labels ?? {}),
    waitingPods: new Map(),
    preBinding: new Map(),
    promisedVolumes: new Map(),
    instruments,
  };
}

/** What decisions are told by. */
function viewOf(client: KubeClient, informers: SharedInformerFactory, { cluster }: SharedState): DecisionView {
  const seen = [informers.for<Node>(refs.nodes), informers.for<Pod>(refs.pods)];
  return { client, nodes: cluster.nodes, revision: () => Math.max(...seen.map(({ revision }) => revision)) };
}

function follow(
  informers: SharedInformerFactory,
  events: ClusterEvents,
  queue: SchedulingQueue,
  built: readonly Built[],
): void {
  events.followNodes(informers.for<Node>(refs.nodes));
  events.followPods(informers.for<Pod>(refs.pods));
  events.followNamespaces(informers.for<Namespace>(refs.namespaces));
  const resources = built.flatMap(({ framework }) => [...framework.hints.resources]);
  followResources(new Set<EventResource>(resources), informers, queue);
}

/**
 * Follows the cluster and schedules its Pods until the context aborts.
 * @throws ConfigurationError where a profile names plugins that are not there.
 */
export async function runScheduler(
  ctx: Context,
  client: KubeClient,
  recorders: Recorders,
  options: SchedulerOptions = {},
): Promise<void> {
  const { configuration = DEFAULT_CONFIGURATION, seed = DEFAULT_SEED, instruments = noInstruments } = options;
  let [pending, sizes] = [(): Pending => ({ busy: true }), () => NO_PODS];
  options.begun?.(
    () => pending(),
    () => sizes(),
  );
  const informers = new SharedInformerFactory(client);
  const shared = sharedState(ctx, informers, instruments);
  const registry = { ...IN_TREE_PLUGINS, ...options.registry };
  const surroundings = { client, informers, recorders, shared, registry, queue: () => queue };
  const built = configuration.profiles.map((profile) => build(profile, surroundings));
  const backoff = {
    first: configuration.podInitialBackoffSeconds * 1000,
    longest: configuration.podMaxBackoffSeconds * 1000,
  };
  const rules = queueRules(
    built.map(({ framework }) => framework),
    backoff,
  );
  const queue = new SchedulingQueue(ctx.clock, rules, instruments);
  const profiles = new Map(
    built.map(({ framework, recorder }): [string, Profile] => {
      const engine = new SchedulingEngine(shared.cluster, framework, seed);
      return [framework.profileName, { framework, engine, recorder }];
    }),
  );
  follow(informers, new ClusterEvents(shared, queue, new Set(profiles.keys())), queue, built);
  informers.start(ctx);
  await Promise.race([informers.synced(), informers.stopped()]);
  const pods = client.resource<Pod>(refs.pods);
  const failures = new Failures({ cache: shared.cluster, queue, pods });
  const decisions = options.decisions && openDecisionLog(ctx, viewOf(client, informers, shared), options.decisions);
  const observe = decisions && { observe: (attempt: Attempt) => decisions.record(attempt) };
  const scheduler = new Scheduler({ shared, queue, pods, failures, profiles, ...observe });
  pending = () => ({ busy: scheduler.isBusy || (decisions?.isBusy ?? false) });
  sizes = () => queue.sizes;
  const nodes = shared.cluster.nodes.nodeRows.length;
  ctx.logger.info('scheduling', { schedulers: [...profiles.keys()].join(), nodes, ...queue.sizes });
  await scheduler.run(ctx);
  await informers.stopped();
}
