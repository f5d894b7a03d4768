// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "Lease\tLease defines a lease concept.",
  "Lease.metadata\tMore info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "Lease.spec\tspec contains the specification of the Lease. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status",
  "LeaseList\tLeaseList is a list of Lease objects.",
  "LeaseList.items\titems is a list of schema objects.",
  "LeaseList.metadata\tStandard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "LeaseSpec\tLeaseSpec is a specification of a Lease.",
  "LeaseSpec.acquireTime\tacquireTime is a time when the current lease was acquired.",
  "LeaseSpec.holderIdentity\tholderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
  "LeaseSpec.leaseDurationSeconds\tleaseDurationSeconds is a duration that candidates for a lease need to wait to force acquire it. This is measured against the time of last observed renewTime.",
  "LeaseSpec.leaseTransitions\tleaseTransitions is the number of transitions of a lease between holders.",
  "LeaseSpec.preferredHolder\tPreferredHolder signals to a lease holder that the lease has a more optimal holder and should be given up. This field can only be set if Strategy is also set.",
  "LeaseSpec.renewTime\trenewTime is a time when the current holder of a lease has last updated the lease.",
  "LeaseSpec.strategy\tStrategy indicates the strategy for picking the leader for coordinated leader election. If the field is not specified, there is no active coordination for this lease. (Alpha) Using this field requires the CoordinatedLeaderElection feature gate to be enabled.",
].join('\n');
