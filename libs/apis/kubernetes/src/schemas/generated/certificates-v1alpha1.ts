// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "ClusterTrustBundle %certificates.k8s.io/v1alpha1/ClusterTrustBundle;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @ClusterTrustBundleSpec ! #2",
  "ClusterTrustBundleList %certificates.k8s.io/v1alpha1/ClusterTrustBundleList;apiVersion s z;items [@ClusterTrustBundle ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ClusterTrustBundleSpec;signerName s z #1;trustBundle s ! #2",
].join('\n');
