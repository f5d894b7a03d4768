import type { DataDir } from './layout.js';
import { writeOnce } from './write-file.js';

/** Who writes what, without bodies; what the installation's own components do all the time is left out. */
const DEFAULT_AUDIT_POLICY = `# What the audit log notes; docs/audit.md says how to change it. Yours to edit: it is written once.
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
# Signs of life.
- level: None
  resources:
  - {group: "", resources: [events]}
  - {group: events.k8s.io, resources: [events]}
  - {group: coordination.k8s.io, resources: [leases]}
# The components of this installation.
- level: None
  users: ["system:apiserver", "system:kube-scheduler", "system:kube-controller-manager", "system:kube-proxy", "system:kube-dns", "system:ingress-controller", "system:cloud-controller-manager", "system:web"]
- level: None
  userGroups: ["system:nodes"]
# Who reads Secrets, and every sign-in.
- level: Metadata
  verbs: [get, list, watch]
  resources:
  - {group: "", resources: [secrets]}
- level: Metadata
  nonResourceURLs: ["/auth/*"]
  verbs: [post]
# Everything that is changed, and every command that is run in a Pod.
- level: Metadata
  resources:
  - {group: "", resources: ["pods/exec", "pods/attach", "pods/portforward"]}
- level: Metadata
  verbs: [create, update, patch, delete, deletecollection]
- level: None
`;

/** Writes the policy of a new installation; one that is there stays as it is. */
export function prepareAuditPolicy({ auditPolicy }: Pick<DataDir, 'auditPolicy'>): void {
  writeOnce(auditPolicy, DEFAULT_AUDIT_POLICY);
}
