import type { Pod, PodSpec, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import { type Soon, soon } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, forbidden, generateName, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown } from './known-objects.js';
import { mountToken } from './token-volume.js';

const DEFAULT = 'default';

function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined;
}

const usesToken = ({ volumes = [] }: PodSpec): boolean =>
  volumes.some(({ projected }) => projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken));

/** What the kubelet of a mirror Pod has is none of the API's. */
function checkMirror(attributes: AdmissionAttributes, spec: PodSpec | undefined): void {
  const refuse = (why: string) => forbidden(attributes.definition, attributes.name, why);
  if (spec?.serviceAccountName) throw refuse('a mirror pod may not reference service accounts');
  if (spec && usesToken(spec)) throw refuse('a mirror pod may not use ServiceAccountToken volume projections');
}

function equip(spec: PodSpec, account: ServiceAccount): void {
  const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  if (mounts) mountToken(spec, generateName);
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ name: name ?? '' }));
  }
}

/**
 * Gives every Pod a service account, which must exist, and what it needs to act as it. Behaves as kubernetes
 * plugin/pkg/admission/serviceaccount.
 */
export class ServiceAccountAdmission implements AdmissionPlugin {
  readonly name = 'ServiceAccount';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const pod = newPod(attributes);
    if (!pod?.spec || isMirror(pod)) return;
    const { spec } = pod;
    spec.serviceAccountName ||= DEFAULT;
    spec.serviceAccount = spec.serviceAccountName;
    return soon(this.account(ctx, attributes, spec.serviceAccountName), (account) => equip(spec, account));
  }

  /** Once more, since what came behind may have changed the Pod. */
  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const pod = newPod(attributes);
    if (!pod || isMirror(pod)) return pod && checkMirror(attributes, pod.spec);
    const name = pod.spec?.serviceAccountName;
    if (name) return soon(this.account(ctx, attributes, name), () => undefined);
  }

  private account(
    ctx: RequestContext,
    { namespace, definition, name: pod }: AdmissionAttributes,
    name: string,
  ): Soon<ServiceAccount> {
    const key = { cluster: ctx.cluster, resource: 'serviceaccounts', namespace, name };
    return soon(findKnown(this.storage, ctx, key), (found) => {
      if (found) return decodeOnce<ServiceAccount>(found);
      const why = `error looking up service account ${namespace}/${name}: serviceaccount ${quote(name)} not found`;
      throw forbidden(definition, pod, why);
    });
  }
}

function newPod(attributes: AdmissionAttributes): Pod | undefined {
  if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return undefined;
  return attributes.object as unknown as Pod;
}
