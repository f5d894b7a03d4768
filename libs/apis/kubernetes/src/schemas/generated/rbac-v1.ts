// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "AggregationRule;clusterRoleSelectors [@io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector z #1 ~atomic",
  "ClusterRole %rbac.authorization.k8s.io/v1/ClusterRole;aggregationRule @AggregationRule #3;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;rules [@PolicyRule #2 ~atomic",
  "ClusterRoleBinding %rbac.authorization.k8s.io/v1/ClusterRoleBinding;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;roleRef @RoleRef ! #3;subjects [@Subject z #2 ~atomic",
  "ClusterRoleBindingList %rbac.authorization.k8s.io/v1/ClusterRoleBindingList;apiVersion s z;items [@ClusterRoleBinding ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ClusterRoleList %rbac.authorization.k8s.io/v1/ClusterRoleList;apiVersion s z;items [@ClusterRole ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "PolicyRule;apiGroups [s z #2 ~atomic;nonResourceURLs [s z #5 ~atomic;resourceNames [s z #4 ~atomic;resources [s z #3 ~atomic;verbs [s ! #1 ~atomic",
  "Role %rbac.authorization.k8s.io/v1/Role;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;rules [@PolicyRule #2 ~atomic",
  "RoleBinding %rbac.authorization.k8s.io/v1/RoleBinding;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;roleRef @RoleRef ! #3;subjects [@Subject z #2 ~atomic",
  "RoleBindingList %rbac.authorization.k8s.io/v1/RoleBindingList;apiVersion s z;items [@RoleBinding ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "RoleList %rbac.authorization.k8s.io/v1/RoleList;apiVersion s z;items [@Role ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "RoleRef ~atomic;apiGroup s #1;kind s ! #2;name s ! #3",
  "Subject ~atomic;apiGroup s z #2;kind s ! #1;name s ! #3;namespace s z #4",
].join('\n');
