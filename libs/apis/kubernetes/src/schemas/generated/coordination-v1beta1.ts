// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "LeaseCandidate %coordination.k8s.io/v1beta1/LeaseCandidate;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @LeaseCandidateSpec ! z #2",
  "LeaseCandidateList %coordination.k8s.io/v1beta1/LeaseCandidateList;apiVersion s z;items [@LeaseCandidate ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "LeaseCandidateSpec;binaryVersion s ! #4;emulationVersion s z #5;leaseName s ! #1;pingTime M #2;renewTime M #3;strategy s ! z #6",
].join('\n');
