import type { Namespace } from '../index.js';
import { LABEL_METADATA_NAME } from '../../../well-known/index.js';

export const NAMESPACE_FINALIZER = 'kubernetes';

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_Namespace. A generated name must be set before this runs. */
export function applyNamespaceDefaults(namespace: Namespace): void {
  const { name } = namespace.metadata;
  if (name) namespace.metadata.labels = { ...namespace.metadata.labels, [LABEL_METADATA_NAME]: name };
  namespace.spec ??= {};
  namespace.status ??= {};
  namespace.status.phase ||= 'Active';
}

/** A new namespace is active and cannot go before its contents are gone. */
export function prepareNamespace(namespace: Namespace): void {
  applyNamespaceDefaults(namespace);
  namespace.status = { phase: 'Active' };
  const finalizers = namespace.spec?.finalizers ?? [];
  const complete = finalizers.includes(NAMESPACE_FINALIZER) ? finalizers : [...finalizers, NAMESPACE_FINALIZER];
  namespace.spec = { finalizers: complete };
}
