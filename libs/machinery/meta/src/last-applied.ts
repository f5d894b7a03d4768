/** The annotation that holds what `kubectl apply` has last sent, as JSON. */
export const ANNOTATION_LAST_APPLIED_CONFIG = 'kubectl.kubernetes.io/last-applied-configuration';
