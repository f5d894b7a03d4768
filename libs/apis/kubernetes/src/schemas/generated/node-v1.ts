// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Overhead;podFixed {Q z #1",
  "RuntimeClass %node.k8s.io/v1/RuntimeClass;apiVersion s z;handler s ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;overhead @Overhead #3;scheduling @Scheduling #4",
  "RuntimeClassList %node.k8s.io/v1/RuntimeClassList;apiVersion s z;items [@RuntimeClass ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "Scheduling;nodeSelector {s z #1 ~atomic;tolerations [@io.k8s.api.core.v1.Toleration z #2 ~atomic",
].join('\n');
