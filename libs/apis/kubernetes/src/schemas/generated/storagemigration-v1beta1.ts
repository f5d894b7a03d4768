// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "StorageVersionMigration %storagemigration.k8s.io/v1beta1/StorageVersionMigration;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @StorageVersionMigrationSpec z #2;status @StorageVersionMigrationStatus z #3",
  "StorageVersionMigrationList %storagemigration.k8s.io/v1beta1/StorageVersionMigrationList;apiVersion s z;items [@StorageVersionMigration ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "StorageVersionMigrationSpec;resource @io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource ! #1",
  "StorageVersionMigrationStatus;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #1 ~map =type >type +merge;resourceVersion s z #2",
].join('\n');
