// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "FieldSelectorAttributes;rawSelector s z #1;requirements [@io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement z #2 ~atomic",
  "LabelSelectorAttributes;rawSelector s z #1;requirements [@io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement z #2 ~atomic",
  "LocalSubjectAccessReview %authorization.k8s.io/v1/LocalSubjectAccessReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @SubjectAccessReviewSpec ! #2;status @SubjectAccessReviewStatus z #3",
  "NonResourceAttributes;path s z #1;verb s z #2",
  "NonResourceRule;nonResourceURLs [s z #2 ~atomic;verbs [s ! #1 ~atomic",
  "ResourceAttributes;fieldSelector @FieldSelectorAttributes #8;group s z #3;labelSelector @LabelSelectorAttributes #9;name s z #7;namespace s z #1;resource s z #5;subresource s z #6;verb s z #2;version s z #4",
  "ResourceRule;apiGroups [s z #2 ~atomic;resourceNames [s z #4 ~atomic;resources [s z #3 ~atomic;verbs [s ! #1 ~atomic",
  "SelfSubjectAccessReview %authorization.k8s.io/v1/SelfSubjectAccessReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @SelfSubjectAccessReviewSpec ! #2;status @SubjectAccessReviewStatus z #3",
  "SelfSubjectAccessReviewSpec;nonResourceAttributes @NonResourceAttributes #2;resourceAttributes @ResourceAttributes #1",
  "SelfSubjectRulesReview %authorization.k8s.io/v1/SelfSubjectRulesReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @SelfSubjectRulesReviewSpec ! #2;status @SubjectRulesReviewStatus z #3",
  "SelfSubjectRulesReviewSpec;namespace s z #1",
  "SubjectAccessReview %authorization.k8s.io/v1/SubjectAccessReview;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @SubjectAccessReviewSpec ! #2;status @SubjectAccessReviewStatus z #3",
  "SubjectAccessReviewSpec;extra {(s z #5;groups [s z #4 ~atomic;nonResourceAttributes @NonResourceAttributes #2;resourceAttributes @ResourceAttributes #1;uid s z #6;user s z #3",
  "SubjectAccessReviewStatus;allowed b ! #1;denied b z #4;evaluationError s z #3;reason s z #2",
  "SubjectRulesReviewStatus;evaluationError s z #4;incomplete b ! #3;nonResourceRules [@NonResourceRule ! #2 ~atomic;resourceRules [@ResourceRule ! #1 ~atomic",
].join('\n');
