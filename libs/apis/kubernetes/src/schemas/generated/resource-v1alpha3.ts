// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "DeviceTaint;effect s ! #3;key s ! #1;timeAdded T #4;value s z #2",
  "DeviceTaintRule %resource.k8s.io/v1alpha3/DeviceTaintRule;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @DeviceTaintRuleSpec ! #2;status @DeviceTaintRuleStatus z #3",
  "DeviceTaintRuleList %resource.k8s.io/v1alpha3/DeviceTaintRuleList;apiVersion s z;items [@DeviceTaintRule ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "DeviceTaintRuleSpec;deviceSelector @DeviceTaintSelector #1;taint @DeviceTaint ! z #2",
  "DeviceTaintRuleStatus;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #1 ~map =type >type +merge",
  "DeviceTaintSelector;device s #4;driver s #2;pool s #3",
  "PoolStatus;allocatedDevices i #5;availableDevices i #6;driver s ! z #1;generation l ! #9;nodeName s #3;poolName s ! z #2;resourceSliceCount i #8;totalDevices i #4;unavailableDevices i #7;validationError s #10",
  "ResourcePoolStatusRequest %resource.k8s.io/v1alpha3/ResourcePoolStatusRequest;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta ! z #1;spec @ResourcePoolStatusRequestSpec ! #2;status @ResourcePoolStatusRequestStatus #3",
  "ResourcePoolStatusRequestList %resource.k8s.io/v1alpha3/ResourcePoolStatusRequestList;apiVersion s z;items [@ResourcePoolStatusRequest ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ResourcePoolStatusRequestSpec;driver s ! #1;limit i #3;poolName s #2",
  "ResourcePoolStatusRequestStatus;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #3 ~map =type >type +merge;poolCount i ! #6;pools [@PoolStatus z #2 ~atomic",
].join('\n');
