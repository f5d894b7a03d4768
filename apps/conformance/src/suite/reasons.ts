/** Why cases of the suite do not pass, the first whose pattern a case's name meets; what no pattern meets is told by what it said. */
export interface Reason {
  readonly cases: RegExp;
  readonly reason: string;
}

export const REASONS: readonly Reason[] = [
  {
    cases: /AdmissionWebhook|ValidatingWebhook|MutatingWebhook/,
    reason: 'admission webhooks are stored and checked, but not called',
  },
  {
    cases: /ValidatingAdmissionPolicy .*(should|validate|type check)/,
    reason: 'admission policies are stored and checked, but not asked',
  },
  {
    cases: /\[sig-api-machinery\] Aggregator Should be able/,
    reason: 'other API servers are not asked, and etcd and sample-apiserver are not simulated',
  },
  {
    cases: /MutatingAdmissionPolicy .*should mutate/,
    reason: 'admission policies are stored and checked, but not asked',
  },
  { cases: /ImageVolume/, reason: 'image volumes are not simulated' },
  {
    cases: /Kubelet when scheduling a read only busybox/,
    reason: 'a simulated shell ends where it cannot open a file to write to',
  },
  {
    cases: /should support OIDC discovery of service account issuer/,
    reason: 'that program of the test image is not simulated',
  },
  { cases: /HostPort validates/, reason: "a node's localhost is not simulated" },
  {
    cases: /should proxy through a service and a pod/,
    reason: 'the test image serves no TLS with a certificate of its own here',
  },
  { cases: /Pod InPlace Resize/, reason: "they read a container's cgroups, which are not simulated" },
];

export const reasonOf = (name: string): string | undefined => REASONS.find(({ cases }) => cases.test(name))?.reason;
