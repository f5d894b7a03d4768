import type { Node, Pod, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { podRequests } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { LABEL_OS_STABLE } from '@binnacle/apis-kubernetes/well-known';
import { type Soon, soon } from '@binnacle/machinery-context';
import { quote, StatusError } from '@binnacle/machinery-meta';
import { compareQuantities, toMillis, toUnits } from '@binnacle/machinery-quantity';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import type { AdmissionPlugin } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown } from './known-objects.js';

/** The Pod at its new size, where that is another and it has a node. */
function resizedPod({ operation, definition, subresource, object, old }: AdmissionAttributes): Pod | undefined {
  const isResize = operation === 'UPDATE' && definition.group === '' && definition.names.plural === 'pods';
  if (!isResize || subresource !== 'resize') return undefined;
  const pod = object as unknown as Pod;
  const isOther = pod.metadata.generation !== old?.metadata.generation;
  return isOther && pod.spec?.nodeName ? pod : undefined;
}

const COUNTED = [
  { name: 'cpu', numberOf: toMillis },
  { name: 'memory', numberOf: toUnits },
] as const;

/** What the node can never give, as upstream says it. */
function lacking(spec: PodSpec, { status }: Node): string[] {
  const requests = podRequests(spec);
  return COUNTED.flatMap(({ name, numberOf }) => {
    const [asked, has] = [requests.get(name) ?? 0, status?.allocatable?.[name] ?? 0];
    if (compareQuantities(asked, has) <= 0) return [];
    return [`${name}, requested: ${numberOf(asked)}, allocatable: ${numberOf(has)}`];
  });
}

interface Refusal {
  readonly reason: 'UnsupportedPlatform' | 'NodeCapacity';
  readonly why: string;
}

function refusalOf(spec: PodSpec, node: Node): Refusal | undefined {
  const os = node.metadata.labels?.[LABEL_OS_STABLE] ?? 'linux';
  if (os !== 'linux') {
    const why = `pod resize is only supported on linux nodes, node ${quote(node.metadata.name ?? '')} is ${quote(os)}`;
    return { reason: 'UnsupportedPlatform', why };
  }
  const missing = lacking(spec, node);
  if (missing.length === 0) return undefined;
  return { reason: 'NodeCapacity', why: `node didn't have enough allocatable resources: ${missing.join('; ')}` };
}

function refused({ definition, name }: AdmissionAttributes, { reason, why }: Refusal): StatusError {
  const { code, reason: kind, message, details } = forbidden(definition, name, why);
  return new StatusError(code, kind, message, { ...details, causes: [{ reason }] });
}

/** Refuses a size that a Pod's node can never give it. Behaves as kubernetes plugin/pkg/admission/podresize. */
export class PodResizeValidator implements AdmissionPlugin {
  readonly name = 'PodResizeValidator';

  constructor(private readonly storage: StorageReader) {}

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { spec } = resizedPod(attributes) ?? {};
    if (!spec) return;
    const nodeName = spec.nodeName ?? '';
    const key = { cluster: ctx.cluster, resource: 'nodes', namespace: '', name: nodeName };
    return soon(findKnown(this.storage, ctx, key), (found) => {
      const { definition, name } = attributes;
      if (!found) throw forbidden(definition, name, `node ${quote(nodeName)} not found`);
      const refusal = refusalOf(spec, decodeOnce<Node>(found));
      if (refusal) throw refused(attributes, refusal);
    });
  }
}
