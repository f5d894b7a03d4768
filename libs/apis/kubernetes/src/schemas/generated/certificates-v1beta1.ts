// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "ClusterTrustBundle %certificates.k8s.io/v1beta1/ClusterTrustBundle;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @ClusterTrustBundleSpec ! #2",
  "ClusterTrustBundleList %certificates.k8s.io/v1beta1/ClusterTrustBundleList;apiVersion s z;items [@ClusterTrustBundle ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ClusterTrustBundleSpec;signerName s z #1;trustBundle s ! #2",
  "PodCertificateRequest %certificates.k8s.io/v1beta1/PodCertificateRequest;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @PodCertificateRequestSpec ! #2;status @PodCertificateRequestStatus z #3",
  "PodCertificateRequestList %certificates.k8s.io/v1beta1/PodCertificateRequestList;apiVersion s z;items [@PodCertificateRequest ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "PodCertificateRequestSpec;maxExpirationSeconds i #8;nodeName s ! #6;nodeUID s ! #7;pkixPublicKey y #9;podName s ! #2;podUID s ! #3;proofOfPossession y #10;serviceAccountName s ! #4;serviceAccountUID s ! #5;signerName s ! #1;stubPKCS10Request y ! #12;unverifiedUserAnnotations {s z #11",
  "PodCertificateRequestStatus;beginRefreshAt T #5;certificateChain s z #2;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #1 ~map =type >type +merge;notAfter T #6;notBefore T #4",
].join('\n');
