// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "IPAddress %networking.k8s.io/v1beta1/IPAddress;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @IPAddressSpec ! z #2",
  "IPAddressList %networking.k8s.io/v1beta1/IPAddressList;apiVersion s z;items [@IPAddress ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "IPAddressSpec;parentRef @ParentReference ! #1",
  "ParentReference;group s z #1;name s ! z #4;namespace s z #3;resource s ! z #2",
  "ServiceCIDR %networking.k8s.io/v1beta1/ServiceCIDR;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @ServiceCIDRSpec z #2;status @ServiceCIDRStatus z #3",
  "ServiceCIDRList %networking.k8s.io/v1beta1/ServiceCIDRList;apiVersion s z;items [@ServiceCIDR ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ServiceCIDRSpec;cidrs [s z #1 ~atomic",
  "ServiceCIDRStatus;conditions [@io.k8s.apimachinery.pkg.apis.meta.v1.Condition z #1 ~map =type >type +merge",
].join('\n');
