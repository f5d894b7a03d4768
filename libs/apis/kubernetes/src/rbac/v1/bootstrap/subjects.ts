/** Whom upstream binds to a role, by the role's name: `<kind>:<name>`, where an account is `account:<namespace>/<name>`. */
export type SubjectLines = Readonly<Record<string, readonly string[]>>;

const EVERYBODY = 'group:system:authenticated';

/** Of the whole cluster. */
export const clusterSubjects: SubjectLines = {
  'cluster-admin': ['group:system:masters'],
  'system:basic-user': [EVERYBODY],
  'system:discovery': [EVERYBODY],
  'system:kube-controller-manager': ['user:system:kube-controller-manager'],
  'system:kube-dns': ['account:kube-system/kube-dns'],
  'system:kube-scheduler': ['user:system:kube-scheduler'],
  'system:monitoring': ['group:system:monitoring'],
  // What nodes may do is decided one by one.
  'system:node': [],
  'system:node-proxier': ['user:system:kube-proxy'],
  'system:public-info-viewer': [EVERYBODY, 'group:system:unauthenticated'],
  'system:service-account-issuer-discovery': ['group:system:serviceaccounts'],
  'system:volume-scheduler': ['user:system:kube-scheduler'],
};

/** Of system namespaces, by namespace. */
export const namespaceSubjects: Readonly<Record<string, SubjectLines>> = {
  'kube-public': { 'system:controller:bootstrap-signer': ['account:kube-system/bootstrap-signer'] },
  'kube-system': {
    'extension-apiserver-authentication-reader': ['user:system:kube-controller-manager', 'user:system:kube-scheduler'],
    'system::leader-locking-kube-controller-manager': [
      'user:system:kube-controller-manager',
      'account:kube-system/kube-controller-manager',
      'account:kube-system/leader-election-controller',
    ],
    'system::leader-locking-kube-scheduler': ['user:system:kube-scheduler', 'account:kube-system/kube-scheduler'],
    'system:controller:bootstrap-signer': ['account:kube-system/bootstrap-signer'],
    'system:controller:cloud-provider': ['account:kube-system/cloud-provider'],
    'system:controller:token-cleaner': ['account:kube-system/token-cleaner'],
  },
};
