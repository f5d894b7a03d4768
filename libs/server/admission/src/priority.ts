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

/** Turns a Pod's priority class into a number. Behaves as kubernetes plugin/pkg/admission/priority. */
export class PriorityAdmission implements AdmissionPlugin {
  readonly name = 'Priority';

  constructor(private readonly storage: StorageReader) {}

  async admit(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return;
    const { spec } = attributes.object as unknown as Pod;
    if (!spec) return;
    const chosen = await this.choose(ctx, attributes, spec.priorityClassName);
    const { value = 0, preemptionPolicy = DEFAULT_PREEMPTION } = chosen ?? {};
    if (spec.priority !== undefined && spec.priority !== value) {
      const why =
        `the integer value of priority (${spec.priority}) must not be provided in pod spec; ` +
        `priority admission controller computed ${value} from the given PriorityClass name`;
      throw forbidden(attributes.definition, attributes.name, why);
    }
    Object.assign(spec, { preemptionPolicy, ...spec, priority: value, ...named(chosen) });
  }

  /** Only one class may be everybody's. */
  async validate(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    const { operation, definition, name, object } = attributes;
    if (operation === 'DELETE' || !isAbout(attributes, 'scheduling.k8s.io', 'priorityclasses')) return;
    if ((object as unknown as PriorityClass | undefined)?.globalDefault !== true) return;
    const other = (await this.globalDefault(ctx))?.metadata.name;
    if (other === undefined || other === name) return;
    const why = `PriorityClass ${other} is already marked as default. Only one default can exist`;
    throw forbidden(definition, name, why);
  }

  private async choose(
    ctx: RequestContext,
    { definition, name }: AdmissionAttributes,
    className: string | undefined,
  ): Promise<PriorityClass | undefined> {
    if (!className) return this.globalDefault(ctx);
    const key = { cluster: ctx.cluster, resource: RESOURCE, namespace: '', name: className };
    const found = await this.storage.get(ctx, key);
    if (found) return decode(found);
    throw forbidden(definition, name, `no PriorityClass with name ${className} was found`);
  }

  private async globalDefault(ctx: RequestContext): Promise<PriorityClass | undefined> {
    const scope = { cluster: ctx.cluster, resource: RESOURCE };
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'any' } });
    const defaults = items.map(decode).filter(({ globalDefault }) => globalDefault === true);
    return defaults.sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
  }
}
