import type { Container, PodSpec, Volume } from '@binnacle/apis-kubernetes/core/v1';

const VOLUME_PREFIX = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const ROOT_CA = 'kube-root-ca.crt';
const FILE_MODE = 0o644;
/** Seven seconds more than an hour, by which upstream tells tokens that nobody asked for. */
const TOKEN_SECONDS = 3_607;

/** Token, certificate authority and namespace, as every client in a Pod looks for them. */
function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: ROOT_CA, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: FILE_MODE,
    },
  };
}

const needsMount = ({ volumeMounts = [] }: Container): boolean =>
  !volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH);

/**
 * Mounts the service account's token in every container that mounts nothing else there. `generate` completes the volume's
 * name. Behaves as kubernetes plugin/pkg/admission/serviceaccount mountServiceAccountToken.
 */
export function mountToken(spec: PodSpec, generate: (base: string) => string): void {
  const known = spec.volumes?.find(({ name }) => name.startsWith(VOLUME_PREFIX));
  const name = known?.name ?? generate(VOLUME_PREFIX);
  const containers = [...(spec.initContainers ?? []), ...spec.containers].filter(needsMount);
  for (const container of containers) {
    const mount = { name, readOnly: true, mountPath: MOUNT_PATH };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  if (!known && containers.length > 0) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}
