import type { Authorizer, RuleResolver } from '@binnacle/server-auth';
import type { ResourceStore } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { AdmissionChain, type AdmissionPlugin } from './admission-chain.js';
import { inOrder } from './admission-order.js';
import { CertificateSigners } from './certificate-signers.js';
import { CertificateSubjectRestriction } from './certificate-subject-restriction.js';
import { PersistentVolumeClaimResize } from './claim-resize.js';
import { DefaultClass } from './default-class.js';
import { DefaultTolerationSeconds } from './default-toleration-seconds.js';
import { DeviceAdminAccess } from './device-admin-access.js';
import { LimitRanger } from './limit-ranger.js';
import { NamespaceLifecycle } from './namespace-lifecycle.js';
import { NodeRestriction } from './node-restriction.js';
import { PodResizeValidator } from './pod-resize.js';
import type { PodSecurityConfiguration } from './pod-security/exemptions.js';
import { PodSecurity } from './pod-security/pod-security.js';
import { PodTopologyLabels } from './pod-topology-labels.js';
import { PriorityAdmission } from './priority.js';
import { EscalationCheck } from './rbac/escalation.js';
import { ResourceQuotaAdmission } from './resource-quota.js';
import { RuntimeClassAdmission } from './runtime-class.js';
import { ServiceAccountAdmission } from './service-account.js';
import { StorageObjectInUseProtection } from './storage-protection.js';
import { TaintNodesByCondition } from './taint-nodes-by-condition.js';

export * from './admission-chain.js';
export { ADMISSION_ORDER, type AdmissionName, isAdmissionName } from './admission-order.js';
export { readPodSecurityConfiguration } from './pod-security/configuration.js';
export type { PodSecurityConfiguration } from './pod-security/exemptions.js';

export interface AdmissionOptions {
  /** Rules to leave out, by their names. */
  readonly disabled?: readonly string[];
  /** Where quotas are; without it nothing is counted. */
  readonly quotas?: () => ResourceStore;
  /** Without it whoever may write a request for a certificate may decide about it. */
  readonly authorizer?: Authorizer;
  /** By which rules it decides; without it whoever may write roles gives any right with them. */
  readonly rules?: RuleResolver;
  /** What Pods may do where their namespace does not say. */
  readonly podSecurity?: PodSecurityConfiguration;
  /** Rules that are made elsewhere, such as policies and webhooks; each goes to its own place. */
  readonly others?: readonly AdmissionPlugin[];
  /** Rules that nobody can leave out, besides those about roles. */
  readonly always?: readonly AdmissionPlugin[];
}

/** The rules that are on by default, in upstream's order. */
export function createAdmission(storage: StorageReader, options: AdmissionOptions = {}): AdmissionChain {
  const { disabled = [], quotas, authorizer, rules, podSecurity, others = [], always = [] } = options;
  const plugins: AdmissionPlugin[] = [
    new NamespaceLifecycle(storage),
    new LimitRanger(storage),
    new ServiceAccountAdmission(storage),
    new NodeRestriction(storage),
    new TaintNodesByCondition(),
    new PodSecurity(storage, podSecurity),
    new PriorityAdmission(storage),
    new DefaultTolerationSeconds(),
    DefaultClass.ofClaims(storage),
    new StorageObjectInUseProtection(),
    new PersistentVolumeClaimResize(storage),
    new RuntimeClassAdmission(storage),
    ...(authorizer ? [CertificateSigners.approval(authorizer), CertificateSigners.signing(authorizer)] : []),
    new CertificateSubjectRestriction(),
    DefaultClass.ofIngresses(storage),
    new PodTopologyLabels(storage),
    new PodResizeValidator(storage),
    new DeviceAdminAccess(storage),
    ...others,
    ...(quotas ? [new ResourceQuotaAdmission(storage, quotas)] : []),
  ];
  const escalation = authorizer && rules ? [new EscalationCheck(storage, { authorizer, rules })] : [];
  return new AdmissionChain([
    ...always,
    ...inOrder(plugins.filter(({ name }) => !disabled.includes(name))),
    // Of what the others have made of it.
    ...escalation,
  ]);
}
