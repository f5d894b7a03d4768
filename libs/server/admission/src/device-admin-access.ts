import type { Namespace } from '@binnacle/apis-kubernetes/core/v1';
import type { DeviceRequest, ResourceClaim, ResourceClaimTemplate } from '@binnacle/apis-kubernetes/resource/v1';
import { type Soon, soon } from '@binnacle/machinery-context';
import { type FieldPath, fieldPath, forbidden } from '@binnacle/machinery-validation';
import { type AdmissionAttributes, invalid, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import type { AdmissionPlugin } from './admission-chain.js';
import { decodeOnce } from './decode-once.js';
import { findKnown } from './known-objects.js';

const LABEL = 'resource.kubernetes.io/admin-access';

function asked(requests: readonly DeviceRequest[] = []): FieldPath | undefined {
  const index = requests.findIndex(({ exactly }) => exactly?.adminAccess === true);
  return index < 0 ? undefined : fieldPath('spec', 'devices', 'requests').index(index).child('adminAccess');
}

/** What was given before may stay. */
function granted(next: ResourceClaim, old: ResourceClaim): FieldPath | undefined {
  const indexIn = ({ status }: ResourceClaim) =>
    (status?.allocation?.devices?.results ?? []).findIndex(({ adminAccess }) => adminAccess === true);
  const index = indexIn(next);
  if (index < 0 || indexIn(old) >= 0) return undefined;
  return fieldPath('status', 'allocation', 'devices', 'results').index(index).child('adminAccess');
}

type Look = (attributes: AdmissionAttributes) => FieldPath | undefined;

const claimOf = (object: unknown): ResourceClaim => object as ResourceClaim;

/** By kind and subresource, where access to devices of others is asked for. */
const LOOKS: Readonly<Record<string, Look>> = {
  'resourceclaims CREATE ': ({ object }) => asked(claimOf(object).spec?.devices?.requests),
  'resourceclaims UPDATE status': ({ object, old }) => granted(claimOf(object), claimOf(old)),
  'resourceclaimtemplates CREATE ': ({ object }) =>
    asked((object as unknown as ResourceClaimTemplate).spec?.spec?.devices?.requests),
};

function pathIn(attributes: AdmissionAttributes): FieldPath | undefined {
  const { definition, operation, subresource } = attributes;
  if (definition.group !== 'resource.k8s.io') return undefined;
  return LOOKS[`${definition.names.plural} ${operation} ${subresource}`]?.(attributes);
}

/**
 * Lets nobody look at devices that others use but from namespaces that an administrator has marked.
 * Behaves as kubernetes pkg/registry/resource AuthorizedForAdmin.
 */
export class DeviceAdminAccess implements AdmissionPlugin {
  readonly name = 'DeviceAdminAccess';

  constructor(private readonly storage: StorageReader) {}

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const path = pathIn(attributes);
    if (!path) return;
    const key = { cluster: ctx.cluster, resource: 'namespaces', namespace: '', name: attributes.namespace };
    return soon(findKnown(this.storage, ctx, key), (found) => {
      if (found && decodeOnce<Namespace>(found).metadata.labels?.[LABEL] === 'true') return;
      const why = `admin access to devices requires the \`${LABEL}: true\` label on the containing namespace`;
      throw invalid(attributes.definition, attributes.name, [forbidden(path, why)]);
    });
  }
}
