import type { Authorizer } from '@binnacle/server-auth';
import type { ResourceStore } from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import { AdmissionChain, type AdmissionPlugin } from './admission-chain.js';
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
import { PodTopologyLabels } from './pod-topology-labels.js';
import { PriorityAdmission } from './priority.js';
import { ResourceQuotaAdmission } from './resource-quota.js';
import { RuntimeClassAdmission } from './runtime-class.js';
import { ServiceAccountAdmission } from './service-account.js';
import { StorageObjectInUseProtection } from './storage-protection.js';
import { TaintNodesByCondition } from './taint-nodes-by-condition.js';

export * from './admission-chain.js';

/**
 * The rules that are on by default, in upstream's order. `disabled` names rules to leave out; without a store of quotas nothing
 * is counted, and without an authorizer whoever may write a request for a certificate may decide about it.
 */
export function createAdmission(
  storage: StorageReader,
  disabled: readonly string[] = [],
  quotas?: () => ResourceStore,
  authorizer?: Authorizer,
): AdmissionChain {
  const plugins: AdmissionPlugin[] = [
    new NamespaceLifecycle(storage),
    new LimitRanger(storage),
    new ServiceAccountAdmission(storage),
    new NodeRestriction(storage),
    new TaintNodesByCondition(),
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
    ...(quotas ? [new ResourceQuotaAdmission(storage, quotas)] : []),
  ];
  return new AdmissionChain(plugins.filter(({ name }) => !disabled.includes(name)));
}
