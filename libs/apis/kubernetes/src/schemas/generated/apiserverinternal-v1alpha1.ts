// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "ServerStorageVersion;apiServerID s ! z #1;decodableVersions [s ! z #3 ~set;encodingVersion s ! z #2;servedVersions [s z #4 ~set",
  "StorageVersion %internal.apiserver.k8s.io/v1alpha1/StorageVersion;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta ! z #1;spec @StorageVersionSpec #2;status @StorageVersionStatus #3",
  "StorageVersionCondition;lastTransitionTime T z #4;message s ! z #6;observedGeneration l z #3;reason s ! #5;status s ! #2;type s ! #1",
  "StorageVersionList %internal.apiserver.k8s.io/v1alpha1/StorageVersionList;apiVersion s z;items [@StorageVersion ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "StorageVersionSpec *",
  "StorageVersionStatus;commonEncodingVersion s #2;conditions [@StorageVersionCondition z #3 ~map =type;storageVersions [@ServerStorageVersion z #1 ~map =apiServerID",
].join('\n');
