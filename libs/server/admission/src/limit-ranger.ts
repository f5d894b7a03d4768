import type { Container, LimitRange, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Soon, soon } from '@binnacle/machinery-context';
import type { Quantity } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { listKnown } from './known-objects.js';
import { claimFaults, podFaults } from './limit-constraints.js';

const ANNOTATION = 'kubernetes.io/limit-ranger';

type Amounts = Record<string, Quantity>;

/** What a container gets that does not say. */
interface Defaults {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

function defaultsOf({ spec }: LimitRange): Defaults {
  const items = (spec?.limits ?? []).filter(({ type }) => type === 'Container');
  return {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as Amounts,
    limits: Object.assign({}, ...items.map((item) => item.default)) as Amounts,
  };
}

/** Completes a list; answers what it did not have. */
function complete(list: Amounts, defaults: Amounts): string[] {
  const missing = Object.keys(defaults).filter((name) => !Object.hasOwn(list, name));
  for (const name of missing) list[name] = defaults[name] as Quantity;
  return missing.sort();
}

function completeContainer(container: Container, { requests, limits }: Defaults, what: string): string[] {
  const resources = { ...container.resources };
  const lists = { requests: { ...resources.requests }, limits: { ...resources.limits } };
  const set = { limit: complete(lists.limits, limits), request: complete(lists.requests, requests) };
  if (set.limit.length + set.request.length === 0) return [];
  container.resources = { ...resources, ...lists };
  return (['request', 'limit'] as const)
    .filter((kind) => set[kind].length > 0)
    .map((kind) => `${set[kind].join(', ')} ${kind} for ${what} ${container.name}`);
}

function completePod({ metadata, spec }: Pod, range: LimitRange): void {
  const defaults = defaultsOf(range);
  const said = [
    ...(spec?.containers ?? []).flatMap((container) => completeContainer(container, defaults, 'container')),
    ...(spec?.initContainers ?? []).flatMap((container) => completeContainer(container, defaults, 'init container')),
  ];
  if (said.length === 0) return;
  metadata.annotations = { ...metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${said.join('; ')}` };
}

type Judged = { readonly pod: Pod } | { readonly claim: PersistentVolumeClaim };

const isResize = ({ definition, subresource }: AdmissionAttributes): boolean =>
  subresource === 'resize' && definition.group === '' && definition.names.plural === 'pods';

/** New Pods and those that are resized, and claims. What is being deleted is left to go. */
function judged(attributes: AdmissionAttributes): Judged | undefined {
  const { operation, object, old } = attributes;
  const isWrite = operation === 'CREATE' || operation === 'UPDATE';
  if (!isWrite || !object || old?.metadata.deletionTimestamp) return undefined;
  if (isResize(attributes) || (operation === 'CREATE' && isAbout(attributes, '', 'pods')))
    return { pod: object as unknown as Pod };
  if (!isAbout(attributes, '', 'persistentvolumeclaims')) return undefined;
  return { claim: object as unknown as PersistentVolumeClaim };
}

/** Gives containers what the namespace says they get, and refuses what is beyond. Behaves as kubernetes plugin/pkg/admission/limitranger. */
export class LimitRanger implements AdmissionPlugin {
  readonly name = 'LimitRanger';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const about = judged(attributes);
    if (!about || !('pod' in about)) return;
    return soon(this.ranges(ctx, attributes), (ranges) => {
      for (const range of ranges) completePod(about.pod, range);
    });
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const about = judged(attributes);
    if (!about) return;
    return soon(this.ranges(ctx, attributes), (ranges) => {
      for (const range of ranges) {
        const found = new Set('pod' in about ? podFaults(range, about.pod) : claimFaults(range, about.claim));
        if (found.size === 0) continue;
        const why = found.size === 1 ? [...found].join() : `[${[...found].join(', ')}]`;
        throw forbidden(attributes.definition, attributes.name, why);
      }
    });
  }

  /** By name, so that who is asked first does not depend on anything else. */
  private ranges(ctx: RequestContext, { namespace }: AdmissionAttributes): Soon<readonly LimitRange[]> {
    const scope = { cluster: ctx.cluster, resource: 'limitranges', namespace };
    return soon(listKnown(this.storage, ctx, scope), (items) => items.map((item) => decodeOnce<LimitRange>(item)));
  }
}
