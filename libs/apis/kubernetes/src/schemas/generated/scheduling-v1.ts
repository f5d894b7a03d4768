// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "PriorityClass %scheduling.k8s.io/v1/PriorityClass;apiVersion s z;description s z #4;globalDefault b z #3;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;preemptionPolicy s #5;value i #2",
  "PriorityClassList %scheduling.k8s.io/v1/PriorityClassList;apiVersion s z;items [@PriorityClass ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
].join('\n');
