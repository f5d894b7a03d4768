// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Lease %coordination.k8s.io/v1/Lease;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @LeaseSpec z #2",
  "LeaseList %coordination.k8s.io/v1/LeaseList;apiVersion s z;items [@Lease ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "LeaseSpec;acquireTime M #3;holderIdentity s #1;leaseDurationSeconds i #2;leaseTransitions i #5;preferredHolder s #7;renewTime M #4;strategy s #6",
].join('\n');
