import type { MetricSpec, MetricStatus, MetricTarget } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Context } from '@binnacle/machinery-context';
import type { Quantity } from '@binnacle/machinery-meta';
import { formatQuantity, fromMillis, toMillis } from '@binnacle/machinery-quantity';
import { labelSelectorInGo } from '@binnacle/machinery-selectors';
import type { MetricsReader } from './metrics-reader.js';
import {
  byAverage,
  byShare,
  byUtilization,
  byValue,
  MetricError,
  type Proposal,
  type ResourceOf,
  type Target,
} from './replica-count.js';

/** What is scaled, and where what is known of it is asked. */
export interface Scaled extends Target {
  readonly namespace: string;
  readonly selector: string;
  /** How many there are by the status of the target. */
  readonly running: number;
}

/** How many Pods a metric asks for. */
export interface MetricProposal {
  readonly replicas: number;
  /** What it is, as Events say it. */
  readonly name: string;
  readonly status: MetricStatus;
}

const MILLI_IN_NANO = 1_000_000n;

function amount(resource: string, millis: number): Quantity {
  if (resource !== 'memory') return fromMillis(millis);
  return formatQuantity({ nano: BigInt(Math.ceil(millis)) * MILLI_IN_NANO, format: 'BinarySI' });
}

interface Asked {
  readonly ctx: Context;
  readonly reader: MetricsReader;
  readonly scaled: Scaled;
}

const NEITHER = 'neither an average utilization target nor an average value (usage) target was set';

async function ofResource({ ctx, reader, scaled }: Asked, of: ResourceOf, target: MetricTarget) {
  const about = target.averageValue === undefined ? 'utilization' : 'usage';
  try {
    const metrics = await reader.resource(ctx, scaled.namespace, scaled.selector, of).catch((error: unknown) => {
      throw new MetricError(`unable to get metrics for resource ${of.resource}: ${textOf(error)}`);
    });
    return proposalOf(scaled, metrics, of, target);
  } catch (error) {
    throw new MetricError(`failed to get ${of.resource} ${about}: ${textOf(error)}`);
  }
}

function proposalOf(
  scaled: Scaled,
  metrics: Parameters<typeof byAverage>[1],
  of: ResourceOf,
  { averageValue, averageUtilization }: MetricTarget,
): Proposal {
  if (averageValue !== undefined) return byAverage(scaled, metrics, of.resource, toMillis(averageValue));
  if (averageUtilization !== undefined) return byUtilization(scaled, metrics, of, averageUtilization);
  throw new MetricError(`invalid resource metric source: ${NEITHER}`);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function currentOf(resource: string, { average, utilization }: Proposal) {
  return {
    averageValue: amount(resource, average),
    ...(utilization !== undefined && { averageUtilization: utilization }),
  };
}

const nameOf = (resource: string, { utilization }: Proposal, what: string): string =>
  utilization === undefined ? `${resource} resource` : `${resource} ${what} utilization (percentage of request)`;

async function byResource(asked: Asked, { resource }: MetricSpec): Promise<MetricProposal> {
  const { name, target } = resource as NonNullable<typeof resource>;
  const proposal = await ofResource(asked, { resource: name }, target);
  const status = { type: 'Resource', resource: { name, current: currentOf(name, proposal) } };
  return { replicas: proposal.replicas, name: nameOf(name, proposal, 'resource'), status };
}

async function byContainer(asked: Asked, { containerResource }: MetricSpec): Promise<MetricProposal> {
  const { name, container, target } = containerResource as NonNullable<typeof containerResource>;
  const proposal = await ofResource(asked, { resource: name, container }, target);
  const status = {
    type: 'ContainerResource',
    containerResource: { name, container, current: currentOf(name, proposal) },
  };
  return { replicas: proposal.replicas, name: nameOf(name, proposal, 'container resource'), status };
}

async function byPods({ ctx, reader, scaled }: Asked, { pods }: MetricSpec): Promise<MetricProposal> {
  const { metric, target } = pods as NonNullable<typeof pods>;
  const asked = reader.pods(ctx, scaled.namespace, scaled.selector, metric);
  const metrics = await read(asked, (why) => `unable to get metric ${metric.name}: ${why}`);
  const { replicas, average } = byAverage(scaled, metrics, '', toMillis(target.averageValue));
  const status = { type: 'Pods', pods: { metric, current: { averageValue: fromMillis(average) } } };
  return { replicas, name: `pods metric ${metric.name}`, status };
}

/** Asks for a metric, and says of a failure which it was of. */
async function read<T>(answer: Promise<T>, failed: (why: string) => string): Promise<T> {
  return await answer.catch((error: unknown) => {
    throw new MetricError(failed(textOf(error)));
  });
}

/** By one value, which is that of all Pods together or of each. */
function ofOneValue(scaled: Scaled, value: number, target: MetricTarget) {
  if (target.averageValue !== undefined) {
    const { replicas, average } = byShare(scaled.running, scaled.tolerances, value, toMillis(target.averageValue));
    return { replicas, current: { averageValue: fromMillis(average) } };
  }
  if (target.value === undefined) throw new MetricError('neither a value target nor an average value target was set');
  return { ...byValue(scaled, value, toMillis(target.value)), current: { value: fromMillis(value) } };
}

async function byObject({ ctx, reader, scaled }: Asked, { object }: MetricSpec): Promise<MetricProposal> {
  const { metric, describedObject, target } = object as NonNullable<typeof object>;
  const { kind, name } = describedObject;
  const asked = reader.object(ctx, scaled.namespace, describedObject, metric);
  // In upstream's order, in which what went wrong stands where a name is meant.
  const failed = (why: string) => `unable to get metric ${metric.name}: ${kind} on ${scaled.namespace} ${name}/${why}`;
  const value = await read(asked, failed);
  const { replicas, current } = ofOneValue(scaled, value, target);
  const status = { type: 'Object', object: { metric, describedObject, current } };
  return { replicas, name: `${describedObject.kind} metric ${metric.name}`, status };
}

async function byExternal({ ctx, reader, scaled }: Asked, { external }: MetricSpec): Promise<MetricProposal> {
  const { metric, target } = external as NonNullable<typeof external>;
  const of = `${scaled.namespace}/${metric.name}/${labelSelectorInGo(metric.selector)}`;
  const asked = reader.external(ctx, scaled.namespace, metric);
  const value = await read(asked, (why) => `unable to get external metric ${of}: ${why}`);
  const { replicas, current } = ofOneValue(scaled, value, target);
  const status = { type: 'External', external: { metric, current } };
  return { replicas, name: `external metric ${metric.name}`, status };
}

interface Source {
  /** The reason of the condition and the Event where it cannot be read. */
  readonly failure: string;
  readonly about: (spec: MetricSpec) => string;
  readonly propose: (asked: Asked, spec: MetricSpec) => Promise<MetricProposal>;
}

const SOURCES: Readonly<Record<string, Source>> = {
  Resource: {
    failure: 'FailedGetResourceMetric',
    about: ({ resource }) => `${resource?.name} resource metric`,
    propose: byResource,
  },
  ContainerResource: {
    failure: 'FailedGetContainerResourceMetric',
    about: ({ containerResource }) => `${containerResource?.container} container metric`,
    propose: byContainer,
  },
  Pods: { failure: 'FailedGetPodsMetric', about: () => 'pods metric', propose: byPods },
  Object: { failure: 'FailedGetObjectMetric', about: () => 'object metric', propose: byObject },
  External: {
    failure: 'FailedGetExternalMetric',
    about: ({ external }) => `${external?.metric.name} external metric`,
    propose: byExternal,
  },
};

/** What came of looking at a metric. */
export type MetricOutcome =
  | { readonly proposal: MetricProposal }
  /** `why` is what was found, `message` says it of the metric. */
  | { readonly reason: string; readonly why: string; readonly message: string };

/** Behaves as kubernetes pkg/controller/podautoscaler computeReplicasForMetric. */
export async function lookAt(asked: Asked, spec: MetricSpec): Promise<MetricOutcome> {
  const source = SOURCES[spec.type];
  if (!source) {
    const why = `unknown metric source type ${JSON.stringify(spec.type)}`;
    return { reason: 'InvalidMetricSourceType', why, message: why };
  }
  try {
    return { proposal: await source.propose(asked, spec) };
  } catch (error) {
    const why = textOf(error);
    return { reason: source.failure, why, message: `failed to get ${source.about(spec)} value: ${why}` };
  }
}
