// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "VolumeAttributesClass %storage.k8s.io/v1beta1/VolumeAttributesClass;apiVersion s z;driverName s ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;parameters {s z #3",
  "VolumeAttributesClassList %storage.k8s.io/v1beta1/VolumeAttributesClassList;apiVersion s z;items [@VolumeAttributesClass ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
].join('\n');
