import { expect, test } from 'vitest';
import { detailOf, LATEST, reasonOf, violationsOf } from './index.js';
import type { PodSpec } from '../core/v1/index.js';

const having = (name: string, securityContext: object) => ({ name, securityContext });
const spec = (containers: object[], more: object = {}): PodSpec => ({ ...more, containers }) as unknown as PodSpec;

/** The least that the restricted standard lets pass. */
const quiet = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const quietPod = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };

interface Case {
  readonly version?: number;
  readonly annotations?: Record<string, string>;
  readonly level?: 'baseline' | 'restricted';
}

function told(pod: PodSpec, { version = 36, annotations = {}, level = 'baseline' }: Case = {}): string {
  return detailOf(violationsOf({ level, version }, pod, { annotations }));
}

test.each<[string, PodSpec, string, Case?]>([
  [
    'host namespaces',
    spec([], { hostNetwork: true, hostPID: true, hostIPC: true }),
    'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)',
  ],
  [
    'paths of the host',
    spec([], {
      volumes: [
        { name: 'a', hostPath: {} },
        { name: 'b', hostPath: {} },
        { name: 'c', emptyDir: {} },
      ],
    }),
    'hostPath volumes (volumes "a", "b")',
  ],
  [
    'one port of the host',
    spec([{ name: 'a' }, { name: 'b', ports: [{ hostPort: 0 }, { hostPort: 20 }] }]),
    'hostPort (container "b" uses hostPort 20)',
  ],
  [
    'ports of the host, sorted as text',
    spec([
      { name: 'b', ports: [{ hostPort: 10 }, { hostPort: 9 }] },
      { name: 'c', ports: [{ hostPort: 10 }, { hostPort: 30 }] },
    ]),
    'hostPort (containers "b", "c" use hostPorts 10, 30, 9)',
  ],
  [
    'hosts of probes',
    spec([
      { name: 'a', livenessProbe: { httpGet: { host: 'localhost' } }, readinessProbe: { tcpSocket: { host: '::1' } } },
      { name: 'b', lifecycle: { preStop: { httpGet: { host: '' } } } },
    ]),
    'probe or lifecycle host (container "a" uses probe or lifecycle hosts "::1", "localhost")',
  ],
  [
    'privileged containers, of all sorts',
    spec([having('d', { privileged: true }), having('x', { privileged: false })], {
      initContainers: [having('i', { privileged: true })],
      ephemeralContainers: [having('e', { privileged: true })],
    }),
    'privileged (containers "i", "d", "e" must not set securityContext.privileged=true)',
  ],
  [
    'capabilities',
    spec([
      having('a', { capabilities: { add: ['FOO', 'BAR'] } }),
      having('b', { capabilities: { add: ['BAZ', 'KILL'] } }),
    ]),
    'non-default capabilities (containers "a", "b" must not include "BAR", "BAZ", "FOO" in securityContext.capabilities.add)',
  ],
  [
    'all of /proc',
    spec([having('d', { procMount: 'Unmasked' }), having('e', { procMount: 'other' })]),
    'procMount (containers "d", "e" must not set securityContext.procMount to "Unmasked", "other")',
  ],
  [
    'profiles of AppArmor',
    spec([having('foo', { appArmorProfile: { type: 'Unconfined' } })]),
    'forbidden AppArmor profile (container "foo" must not set AppArmor profile type to "Unconfined")',
  ],
  [
    'profiles of AppArmor by annotations',
    spec([]),
    'forbidden AppArmor profiles (annotations must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a="bogus"", "container.apparmor.security.beta.kubernetes.io/b="x"")',
    {
      annotations: {
        'container.apparmor.security.beta.kubernetes.io/a': 'bogus',
        'container.apparmor.security.beta.kubernetes.io/b': 'x',
      },
    },
  ],
  [
    'options of SELinux',
    spec([having('e', { seLinuxOptions: { type: 'bar', role: 'r' } })], {
      securityContext: { seLinuxOptions: { type: 'foo', user: 'u' } },
    }),
    'seLinuxOptions (pod and container "e" set forbidden securityContext.seLinuxOptions: types "bar", "foo"; user may not be set; role may not be set)',
  ],
  [
    'profiles of seccomp by annotations, in old versions',
    spec([{ name: 'a' }]),
    'seccompProfile (forbidden annotations container.seccomp.security.alpha.kubernetes.io/a="x", seccomp.security.alpha.kubernetes.io/pod="unconfined")',
    {
      version: 18,
      annotations: {
        'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
        'container.seccomp.security.alpha.kubernetes.io/a': 'x',
      },
    },
  ],
  [
    'profiles of seccomp',
    spec([having('c', { seccompProfile: { type: 'Unconfined' } })], {
      securityContext: { seccompProfile: { type: 'Unconfined' } },
    }),
    'seccompProfile (pod and container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  ['sysctls', spec([], { securityContext: { sysctls: [{ name: 'a' }, { name: 'b' }] } }), 'forbidden sysctls (a, b)'],
  [
    'processes of a Windows host',
    spec([having('a', { windowsOptions: { hostProcess: true } })], {
      securityContext: { windowsOptions: { hostProcess: true } },
    }),
    'hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
])('what is said of %s', (_what, pod, text, options) => {
  expect(told(pod, options)).toBe(text);
});

test.each<[string, PodSpec, string]>([
  [
    'silence',
    spec([{ name: 'a' }]),
    'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), ' +
      'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), ' +
      'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), ' +
      'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    'capabilities that are kept and added',
    spec([having('a', { ...quiet, capabilities: { add: ['CHOWN'] } })], quietPod),
    'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    'root',
    spec([having('a', { ...quiet, runAsUser: 0, runAsNonRoot: false })], quietPod),
    'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false), runAsUser=0 (container "a" must not set runAsUser=0)',
  ],
  [
    'volumes',
    spec([having('a', quiet)], {
      ...quietPod,
      volumes: [{ name: 'v', hostPath: {} }, { name: 'w', nfs: {} }, { name: 'x' }],
    }),
    'restricted volume types (volumes "v", "w", "x" use restricted volume types "hostPath", "nfs", "unknown")',
  ],
])('what the restricted standard says of %s', (_what, pod, text) => {
  expect(told(pod, { level: 'restricted' })).toBe(text);
});

test('of many Pods one is told the reasons alone', () => {
  const found = violationsOf({ level: 'restricted', version: LATEST }, spec([{ name: 'a' }], { hostPID: true }), {});
  expect(reasonOf(found)).toBe(
    'host namespaces, allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  );
});

test('who has a user namespace of its own may be root in it, from 1.35 on', () => {
  const root = spec([having('a', { ...quiet, runAsUser: 0 })], {
    hostUsers: false,
    securityContext: { seccompProfile: { type: 'Localhost' } },
  });
  expect(told(root, { level: 'restricted', version: 34 })).toContain('runAsUser=0');
  expect(told(root, { level: 'restricted', version: 35 })).toBe('');
  const shared = { ...root, hostUsers: true };
  expect(told(shared, { level: 'restricted', version: 35 })).toContain('runAsUser=0');
});
