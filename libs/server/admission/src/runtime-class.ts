import type { Pod, PodSpec, Toleration } from '@binnacle/apis-kubernetes/core/v1';
import type { RuntimeClass } from '@binnacle/apis-kubernetes/node/v1';
import { type Soon, soon } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import { equalJson } from '@binnacle/machinery-patch';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown } from './known-objects.js';

const OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
const NO_OVERHEAD = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';

const refuse = ({ definition, name }: AdmissionAttributes, why: string): Error => forbidden(definition, name, why);

function setOverhead(spec: PodSpec, { overhead }: RuntimeClass, attributes: AdmissionAttributes): void {
  if (!overhead) return;
  const fixed = overhead.podFixed ?? {};
  const own = spec.overhead ?? {};
  if (Object.keys(own).length > 0 && !equalJson(own, fixed)) throw refuse(attributes, OTHER_OVERHEAD);
  spec.overhead = { ...fixed };
}

function setNodeSelector(spec: PodSpec, { scheduling }: RuntimeClass, attributes: AdmissionAttributes): void {
  const wanted = Object.entries(scheduling?.nodeSelector ?? {});
  const own = spec.nodeSelector ?? {};
  for (const [key, value] of wanted) {
    if (own[key] === undefined || own[key] === value) continue;
    const place = `scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`;
    throw refuse(attributes, `conflict: runtimeClass.${place}`);
  }
  if (wanted.length > 0) spec.nodeSelector = { ...own, ...Object.fromEntries(wanted) };
}

function addTolerations(spec: PodSpec, added: readonly Toleration[]): void {
  const own = spec.tolerations ?? [];
  const missing = added.filter((one) => !own.some((known) => equalJson(known, one)));
  if (missing.length > 0) spec.tolerations = [...own, ...missing.map((one) => ({ ...one }))];
}

function adopt(spec: PodSpec, chosen: RuntimeClass, attributes: AdmissionAttributes): void {
  setOverhead(spec, chosen, attributes);
  setNodeSelector(spec, chosen, attributes);
  addTolerations(spec, chosen.scheduling?.tolerations ?? []);
}

function check({ overhead: own }: PodSpec, chosen: RuntimeClass | undefined, attributes: AdmissionAttributes): void {
  if (chosen?.overhead) {
    if (!equalJson(own ?? {}, chosen.overhead.podFixed ?? {})) throw refuse(attributes, OTHER_OVERHEAD);
  } else if (own) throw refuse(attributes, NO_OVERHEAD);
}

/**
 * Gives a Pod what its runtime class asks for: overhead, node labels, tolerations. Behaves as kubernetes
 * plugin/pkg/admission/runtimeclass.
 */
export class RuntimeClassAdmission implements AdmissionPlugin {
  readonly name = 'RuntimeClass';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const spec = newSpec(attributes);
    if (!spec?.runtimeClassName) return;
    return soon(this.find(ctx, spec.runtimeClassName, attributes), (chosen) => adopt(spec, chosen, attributes));
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const spec = newSpec(attributes);
    if (!spec) return;
    if (!spec.runtimeClassName) return check(spec, undefined, attributes);
    return soon(this.find(ctx, spec.runtimeClassName, attributes), (chosen) => check(spec, chosen, attributes));
  }

  private find(ctx: RequestContext, name: string, attributes: AdmissionAttributes): Soon<RuntimeClass> {
    const key = { cluster: ctx.cluster, resource: 'node.k8s.io/runtimeclasses', namespace: '', name };
    return soon(findKnown(this.storage, ctx, key), (found) => {
      if (found) return decodeOnce<RuntimeClass>(found);
      throw refuse(attributes, `pod rejected: RuntimeClass ${quote(name)} not found`);
    });
  }
}

function newSpec(attributes: AdmissionAttributes): PodSpec | undefined {
  if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return undefined;
  return (attributes.object as unknown as Pod).spec;
}
