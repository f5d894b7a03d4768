// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "CertificateSigningRequest %certificates.k8s.io/v1/CertificateSigningRequest;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @CertificateSigningRequestSpec ! #2;status @CertificateSigningRequestStatus z #3",
  "CertificateSigningRequestCondition;lastTransitionTime T z #5;lastUpdateTime T z #4;message s z #3;reason s z #2;status s ! #6;type s ! #1",
  "CertificateSigningRequestList %certificates.k8s.io/v1/CertificateSigningRequestList;apiVersion s z;items [@CertificateSigningRequest ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "CertificateSigningRequestSpec;expirationSeconds i #8;extra {(s z #6;groups [s z #4 ~atomic;request y ! #1;signerName s ! #7;uid s z #3;usages [s z #5 ~atomic;username s z #2",
  "CertificateSigningRequestStatus;certificate y z #2;conditions [@CertificateSigningRequestCondition z #1 ~map =type",
].join('\n');
