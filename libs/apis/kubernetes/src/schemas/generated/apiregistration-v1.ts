// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "APIService %apiregistration.k8s.io/v1/APIService;apiVersion s;kind s;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta #1;spec @APIServiceSpec #2;status @APIServiceStatus #3",
  "APIServiceCondition;lastTransitionTime T #3;message s #5;reason s #4;status s ! #2;type s ! #1",
  "APIServiceList %apiregistration.k8s.io/v1/APIServiceList;apiVersion s;items [@APIService ! #2;kind s;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta #1",
  "APIServiceSpec;caBundle y #5;group s #2;groupPriorityMinimum i ! #7;insecureSkipTLSVerify b #4;service @ServiceReference #1;version s #3;versionPriority i ! #8",
  "APIServiceStatus;conditions [@APIServiceCondition #1 ~map =type >type +merge",
  "ServiceReference;name s #2;namespace s #1;port i #3",
].join('\n');
