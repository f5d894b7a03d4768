import type { Namespace, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { Controller } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { perNamespaceController } from './per-namespace.js';

const NAME = 'default';

/** ServiceAccount `default` in every namespace. Behaves as kubernetes pkg/controller/serviceaccount. */
export function serviceAccountController({ client, informers }: ControllerDeps): Controller {
  return perNamespaceController<ServiceAccount>({
    controller: 'serviceaccount',
    name: NAME,
    namespaces: informers.for<Namespace>(refs.namespaces),
    objects: informers.for<ServiceAccount>(refs.serviceaccounts),
    client: client.resource<ServiceAccount>(refs.serviceaccounts),
    desired: (namespace, existing) =>
      existing ? undefined : { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace } },
  });
}
