/** How to address a resource. Plain data, so that clients need not load the rules of the kinds. */
export interface ResourceRef {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
