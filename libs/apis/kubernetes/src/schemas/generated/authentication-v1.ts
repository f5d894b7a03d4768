// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "BoundObjectReference;apiVersion s z #2;kind s z #1;name s z #3;uid s z #4",
  "SelfSubjectReview %authentication.k8s.io/v1/SelfSubjectReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;status @SelfSubjectReviewStatus z #2",
  "SelfSubjectReviewStatus;userInfo @UserInfo z #1",
  "TokenRequest %authentication.k8s.io/v1/TokenRequest;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @TokenRequestSpec #2;status @TokenRequestStatus z #3",
  "TokenRequestSpec;audiences [s #1 ~atomic;boundObjectRef @BoundObjectReference #3;expirationSeconds l #4",
  "TokenRequestStatus;expirationTimestamp T #2;token s #1",
  "TokenReview %authentication.k8s.io/v1/TokenReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @TokenReviewSpec ! #2;status @TokenReviewStatus z #3",
  "TokenReviewSpec;audiences [s z #2 ~atomic;token s ! z #1",
  "TokenReviewStatus;audiences [s z #4 ~atomic;authenticated b z #1;error s z #3;user @UserInfo z #2",
  "UserInfo;extra {(s z #4;groups [s z #3 ~atomic;uid s z #2;username s z #1",
].join('\n');
