// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Eviction %policy/v1/Eviction;apiVersion s z;deleteOptions @io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1",
  "PodDisruptionBudget %policy/v1/PodDisruptionBudget;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @PodDisruptionBudgetSpec z #2;status @PodDisruptionBudgetStatus z #3",
  "PodDisruptionBudgetList %policy/v1/PodDisruptionBudgetList;apiVersion s z;items [@PodDisruptionBudget ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "PodDisruptionBudgetSpec;maxUnavailable O #3;minAvailable O #1;selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector #2 +replace;unhealthyPodEvictionPolicy s #4",
  "PodDisruptionBudgetStatus;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #7 ~map =type >type +merge;currentHealthy i #4;desiredHealthy i #5;disruptedPods {T z #2;disruptionsAllowed i #3;expectedPods i #6;observedGeneration l z #1",
].join('\n');
