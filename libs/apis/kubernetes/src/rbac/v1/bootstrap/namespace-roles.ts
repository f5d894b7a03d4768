import type { RuleLines } from './rule-lines.js';

const LEASES = ['create,get,list,update,watch coordination.k8s.io'].flatMap((rule) => [
  `${rule} leases`,
  `${rule} leasecandidates`,
]);

/** Roles of system namespaces, by namespace. */
export const namespaceRoles: Readonly<Record<string, RuleLines>> = {
  'kube-public': {
    'system:controller:bootstrap-signer': [
      'read core configmaps',
      'update core configmaps cluster-info',
      'tell core,events.k8s.io events',
    ],
  },
  'kube-system': {
    'extension-apiserver-authentication-reader': ['read core configmaps extension-apiserver-authentication'],
    'system::leader-locking-kube-controller-manager': LEASES,
    'system::leader-locking-kube-scheduler': LEASES,
    'system:controller:bootstrap-signer': ['read core secrets'],
    'system:controller:cloud-provider': ['create,get,list,watch core configmaps'],
    'system:controller:token-cleaner': ['delete,get,list,watch core secrets', 'tell core,events.k8s.io events'],
  },
};
