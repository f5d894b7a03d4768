import { type Soon, soon } from '@binnacle/machinery-context';
import { newNotFound, StatusError } from '@binnacle/machinery-meta';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const IMMORTAL = ['default', 'kube-system', 'kube-public'];
const NAMESPACE = { group: '', resource: 'namespaces' };

function isTerminating(namespace: StoredObject): boolean {
  return namespace.attributes.fields['status.phase'] === 'Terminating';
}

function terminating({ definition, namespace, name }: AdmissionAttributes): StatusError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const refused = forbidden(definition, name, why);
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  return new StatusError(403, 'Forbidden', refused.message, { ...refused.details, causes });
}

/** Nothing is made in a namespace that is missing or going away, and the system's own namespaces stay. */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';

  constructor(private readonly storage: StorageReader) {}

  admit(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const { operation, definition, namespace, name } = attributes;
    if (operation === 'DELETE' && isAbout(attributes, '', 'namespaces') && IMMORTAL.includes(name)) {
      throw forbidden(definition, name, 'this namespace may not be deleted');
    }
    if (operation !== 'CREATE' || !definition.namespaced) return;
    return soon(this.find(ctx, namespace), (found) => {
      if (!found) throw newNotFound(NAMESPACE, namespace);
      if (isTerminating(found)) throw terminating(attributes);
    });
  }

  /** A cached answer that lets the request through is good enough; one that does not is checked again. */
  private find(ctx: RequestContext, name: string): Soon<StoredObject | undefined> {
    const key = { cluster: ctx.cluster, resource: 'namespaces', namespace: '', name };
    const cached = this.storage.peek(key);
    if (cached && !isTerminating(cached)) return cached;
    return this.storage.get(ctx, key, { at: 'latest' });
  }
}
