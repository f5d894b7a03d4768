// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "CrossVersionObjectReference ~atomic;apiVersion s z #3;kind s ! #1;name s ! #2",
  "HorizontalPodAutoscaler %autoscaling/v1/HorizontalPodAutoscaler;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @HorizontalPodAutoscalerSpec ! z #2;status @HorizontalPodAutoscalerStatus z #3",
  "HorizontalPodAutoscalerList %autoscaling/v1/HorizontalPodAutoscalerList;apiVersion s z;items [@HorizontalPodAutoscaler ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "HorizontalPodAutoscalerSpec;maxReplicas i ! #3;minReplicas i #2;scaleTargetRef @CrossVersionObjectReference ! #1;targetCPUUtilizationPercentage i #4",
  "HorizontalPodAutoscalerStatus;currentCPUUtilizationPercentage i #5;currentReplicas i ! #3;desiredReplicas i ! #4;lastScaleTime T #2;observedGeneration l #1",
  "Scale %autoscaling/v1/Scale;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @ScaleSpec z #2;status @ScaleStatus z #3",
  "ScaleSpec;replicas i z #1",
  "ScaleStatus;replicas i ! #1;selector s z #2",
].join('\n');
