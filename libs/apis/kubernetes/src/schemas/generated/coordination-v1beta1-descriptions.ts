// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "LeaseCandidate\tLeaseCandidate defines a candidate for a Lease object. Candidates are created such that coordinated leader election will pick the best leader from the list of candidates.",
  "LeaseCandidate.metadata\tMore info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "LeaseCandidate.spec\tspec contains the specification of the Lease. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status",
  "LeaseCandidateList\tLeaseCandidateList is a list of Lease objects.",
  "LeaseCandidateList.items\titems is a list of schema objects.",
  "LeaseCandidateList.metadata\tStandard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "LeaseCandidateSpec\tLeaseCandidateSpec is a specification of a Lease.",
  "LeaseCandidateSpec.binaryVersion\tBinaryVersion is the binary version. It must be in a semver format without leading `v`. This field is required.",
  "LeaseCandidateSpec.emulationVersion\tEmulationVersion is the emulation version. It must be in a semver format without leading `v`. EmulationVersion must be less than or equal to BinaryVersion. This field is required when strategy is \"OldestEmulationVersion\"",
  "LeaseCandidateSpec.leaseName\tLeaseName is the name of the lease for which this candidate is contending. The limits on this field are the same as on Lease.name. Multiple lease candidates may reference the same Lease.name. This field is immutable.",
  "LeaseCandidateSpec.pingTime\tPingTime is the last time that the server has requested the LeaseCandidate to renew. It is only done during leader election to check if any LeaseCandidates have become ineligible. When PingTime is updated, the LeaseCandidate will respond by updating RenewTime.",
  "LeaseCandidateSpec.renewTime\tRenewTime is the time that the LeaseCandidate was last updated. Any time a Lease needs to do leader election, the PingTime field is updated to signal to the LeaseCandidate that they should update the RenewTime. Old LeaseCandidate objects are also garbage collected if it has been hours since the last renew. The PingTime field is updated regularly to prevent garbage collection for still active LeaseCandidates.",
  "LeaseCandidateSpec.strategy\tStrategy is the strategy that coordinated leader election will use for picking the leader. If multiple candidates for the same Lease return different strategies, the strategy provided by the candidate with the latest BinaryVersion will be used. If there is still conflict, this is a user error and coordinated leader election will not operate the Lease until resolved.",
].join('\n');
