// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "StorageVersionMigration\tStorageVersionMigration represents a migration of stored data to the latest storage version.",
  "StorageVersionMigration.metadata\tStandard object metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "StorageVersionMigration.spec\tSpecification of the migration.",
  "StorageVersionMigration.status\tStatus of the migration.",
  "StorageVersionMigrationList\tStorageVersionMigrationList is a collection of storage version migrations.",
  "StorageVersionMigrationList.items\tItems is the list of StorageVersionMigration",
  "StorageVersionMigrationList.metadata\tStandard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "StorageVersionMigrationSpec\tSpec of the storage version migration.",
  "StorageVersionMigrationSpec.resource\tThe resource that is being migrated. The migrator sends requests to the endpoint serving the resource. Immutable.",
  "StorageVersionMigrationStatus\tStatus of the storage version migration.",
  "StorageVersionMigrationStatus.conditions\tThe latest available observations of the migration's current state.",
  "StorageVersionMigrationStatus.resourceVersion\tResourceVersion to compare with the GC cache for performing the migration. This is the current resource version of given group, version and resource when kube-controller-manager first observes this StorageVersionMigration resource.",
].join('\n');
