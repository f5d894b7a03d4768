import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type Soon, soon } from '@binnacle/machinery-context';
import { quote } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const DEFAULT = 'default';
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Gives every Pod a service account, which must exist. Behaves as kubernetes plugin/pkg/admission/serviceaccount. */
export class ServiceAccountAdmission implements AdmissionPlugin {
  readonly name = 'ServiceAccount';

  constructor(private readonly storage: StorageReader) {}

  admit(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const spec = this.spec(attributes);
    if (!spec) return;
    spec.serviceAccountName ||= DEFAULT;
    spec.serviceAccount = spec.serviceAccountName;
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const name = this.spec(attributes)?.serviceAccountName;
    if (!name) return;
    const { namespace, definition } = attributes;
    const key = { cluster: ctx.cluster, resource: 'serviceaccounts', namespace, name };
    return soon(this.storage.peek(key) ?? this.storage.get(ctx, key, { at: 'latest' }), (found) => {
      if (found) return;
      const why = `error looking up service account ${namespace}/${name}: serviceaccount ${quote(name)} not found`;
      throw forbidden(definition, attributes.name, why);
    });
  }

  private spec(attributes: AdmissionAttributes): Pod['spec'] {
    if (attributes.operation !== 'CREATE' || !isAbout(attributes, '', 'pods')) return undefined;
    const pod = attributes.object as unknown as Pod;
    return pod.metadata.annotations?.[MIRROR_ANNOTATION] === undefined ? pod.spec : undefined;
  }
}
