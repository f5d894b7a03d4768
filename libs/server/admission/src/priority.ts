import { keep } from '@binnacle/apis-registry';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown, listKnown } from './known-objects.js';

const GROUP = 'scheduling.k8s.io';
const RESOURCE = `${GROUP}/priorityclasses`;
const DEFAULT_PREEMPTION = 'PreemptLowerPriority';
/** Those that the components of the cluster itself run at. */
const SYSTEM: readonly string[] = ['system-node-critical', 'system-cluster-critical'];
const IMMORTAL = 'this is a system priority class and cannot be deleted';

const decode = (stored: StoredObject): PriorityClass => decodeOnce(stored);

function named(chosen: PriorityClass | undefined): { priorityClassName?: string } {
  return chosen?.metadata.name ? { priorityClassName: chosen.metadata.name } : {};
}

function defaultOf(classes: readonly StoredObject[]): PriorityClass | undefined {
  const defaults = classes.map(decode).filter(({ globalDefault }) => globalDefault === true);
  return defaults.sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
}

/** Behaves as the plugin's admitPod. */
function prioritise(
  spec: NonNullable<Pod['spec']>,
  chosen: PriorityClass | undefined,
  { definition, name }: AdmissionAttributes,
): void {
  const { value = 0, preemptionPolicy = DEFAULT_PREEMPTION } = chosen ?? {};
  if (spec.priority !== undefined && spec.priority !== value) {
    const why =
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; ` +
      `priority admission controller computed ${value} from the given PriorityClass name`;
    throw forbidden(definition, name, why);
  }
  if (spec.preemptionPolicy && spec.preemptionPolicy !== preemptionPolicy) {
    const why =
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; ` +
      `priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`;
    throw forbidden(definition, name, why);
  }
  Object.assign(spec, { priority: value, preemptionPolicy, ...named(chosen) });
}

/** What was given at the beginning stays where an update leaves it out. */
function carryOver(next: Pod['spec'], old: Pod['spec']): void {
  if (!next || !old) return;
  if (next.priority === undefined) keep(next, old, 'priority');
  if (next.preemptionPolicy === undefined) keep(next, old, 'preemptionPolicy');
}

/** Turns a Pod's priority class into a number. Behaves as kubernetes plugin/pkg/admission/priority. */
export class PriorityAdmission implements AdmissionPlugin {
  readonly name = 'Priority';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { operation, name, definition } = attributes;
    if (operation === 'DELETE' && isAbout(attributes, GROUP, 'priorityclasses') && SYSTEM.includes(name)) {
      throw forbidden(definition, name, IMMORTAL);
    }
    if (operation === 'DELETE' || !isAbout(attributes, '', 'pods')) return;
    const { spec } = attributes.object as unknown as Pod;
    if (operation === 'UPDATE') return carryOver(spec, (attributes.old as unknown as Pod).spec);
    if (!spec) return;
    return soon(this.choose(ctx, attributes, spec.priorityClassName), (chosen) => prioritise(spec, chosen, attributes));
  }
  /** Only one class may be everybody's. */
  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { operation, definition, name, object } = attributes;
    if (operation === 'DELETE' || !isAbout(attributes, GROUP, 'priorityclasses')) return;
    if ((object as unknown as PriorityClass | undefined)?.globalDefault !== true) return;
    return soon(this.globalDefault(ctx), (known) => {
      const other = known?.metadata.name;
      if (other === undefined || other === name) return;
      const why = `PriorityClass ${other} is already marked as default. Only one default can exist`;
      throw forbidden(definition, name, why);
    });
  }

  private choose(
    ctx: RequestContext,
    { definition, name }: AdmissionAttributes,
    className: string | undefined,
  ): Soon<PriorityClass | undefined> {
    if (!className) return this.globalDefault(ctx);
    const key = { cluster: ctx.cluster, resource: RESOURCE, namespace: '', name: className };
    return soon(findKnown(this.storage, ctx, key), (found) => {
      if (found) return decode(found);
      throw forbidden(definition, name, `no PriorityClass with name ${className} was found`);
    });
  }

  private globalDefault(ctx: RequestContext): Soon<PriorityClass | undefined> {
    return soon(listKnown(this.storage, ctx, { cluster: ctx.cluster, resource: RESOURCE }), defaultOf);
  }
}
