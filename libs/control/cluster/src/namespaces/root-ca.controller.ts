import type { ConfigMap, Namespace } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { Controller } from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { semanticEqual } from '@binnacle/machinery-validation';
import { perNamespaceController } from './per-namespace.js';

const NAME = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
  'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/**
 * ConfigMap `kube-root-ca.crt` with the cluster's CA (PEM) in every namespace. Follows only ConfigMaps of that name: the
 * others may be many and large. Behaves as kubernetes pkg/controller/certificates/rootcacertpublisher.
 */
export function rootCaController({ client, informers }: ControllerDeps, ca: string): Controller {
  const configMaps = client.resource<ConfigMap>(refs.configmaps);
  const selection = { fieldSelector: `metadata.name=${NAME}` };
  const data = { 'ca.crt': ca };
  return perNamespaceController<ConfigMap>({
    controller: 'root-ca-certificate-publisher',
    name: NAME,
    namespaces: informers.for<Namespace>(refs.namespaces),
    objects: informers.for<ConfigMap>(refs.configmaps, { selection }),
    client: configMaps,
    desired: (namespace, existing) => {
      if (existing && semanticEqual(existing.data, data)) return undefined;
      const annotations = { 'kubernetes.io/description': DESCRIPTION };
      const fresh = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: NAME, namespace, annotations } };
      return { ...(existing ?? fresh), data };
    },
  });
}
