import { type Soon, soon } from '@binnacle/machinery-context';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PriorityClass } from '@binnacle/apis-kubernetes/scheduling/v1';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import { parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const RESOURCE = 'scheduling.k8s.io/priorityclasses';
const DEFAULT_PREEMPTION = 'PreemptLowerPriority';

/** Classes hardly ever change, and every Pod asks for them. */
const decoded = new WeakMap<StoredObject, PriorityClass>();

function decode(stored: StoredObject): PriorityClass {
  const known = decoded.get(stored);
  if (known) return known;
  const made = parseBody(stored) as unknown as PriorityClass;
  decoded.set(stored, made);
  return made;
}

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
  Object.assign(spec, { preemptionPolicy, ...spec, priority: value, ...named(chosen) });
}

/** Turns a Pod's priority class into a number. Behaves as kubernetes plugin/pkg/admission/priority. */
export class PriorityAdmission implements AdmissionPlugin {
  readonly name = 'Priority';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return;
    const { spec } = attributes.object as unknown as Pod;
    if (!spec) return;
    return soon(this.choose(ctx, attributes, spec.priorityClassName), (chosen) => prioritise(spec, chosen, attributes));
  }
  /** Only one class may be everybody's. */
  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { operation, definition, name, object } = attributes;
    if (operation === 'DELETE' || !isAbout(attributes, 'scheduling.k8s.io', 'priorityclasses')) return;
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
    return soon(this.storage.peek(key) ?? this.storage.get(ctx, key), (found) => {
      if (found) return decode(found);
      throw forbidden(definition, name, `no PriorityClass with name ${className} was found`);
    });
  }

  private globalDefault(ctx: RequestContext): Soon<PriorityClass | undefined> {
    const scope = { cluster: ctx.cluster, resource: RESOURCE };
    const known = this.storage.peekAll(scope);
    if (known) return defaultOf(known);
    return this.storage.list(ctx, scope, { revision: { at: 'any' } }).then(({ items }) => defaultOf(items));
  }
}
