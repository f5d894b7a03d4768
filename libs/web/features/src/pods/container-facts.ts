import type { Container, EnvFromSource, EnvVar, Probe, Volume, VolumeMount } from '@binnacle/apis-kubernetes/core/v1';

/** Another object, or a part of it, that a value comes from. */
export interface Source {
  /** In kubectl's words; the name of an object apart. */
  readonly text: string;
  readonly kind?: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  readonly name?: string;
}

const seconds = (value: number | undefined, fallback: number): string => `${value ?? fallback}s`;

function actionText({ exec, httpGet, tcpSocket, grpc }: Probe): string {
  if (exec) return `exec ${JSON.stringify(exec.command ?? [])}`;
  if (httpGet) {
    const { scheme = 'HTTP', host = '', port, path = '' } = httpGet;
    return `http-get ${scheme.toLowerCase()}://${host}:${port}${path}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ''}`.trim() : 'unknown';
}

/** A probe, as `kubectl describe` tells it. */
export function probeText(probe: Probe): string {
  return [
    actionText(probe),
    `delay=${seconds(probe.initialDelaySeconds, 0)}`,
    `timeout=${seconds(probe.timeoutSeconds, 1)}`,
    `period=${seconds(probe.periodSeconds, 10)}`,
    `#success=${probe.successThreshold ?? 1}`,
    `#failure=${probe.failureThreshold ?? 3}`,
  ].join(' ');
}

/** Where a variable's value comes from; undefined where it stands there itself. What Secrets hold is not told. */
export function envSource({ valueFrom }: EnvVar): Source | undefined {
  if (!valueFrom) return undefined;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  if (fieldRef) return { text: `${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath}` };
  if (resourceFieldRef) return { text: resourceText(resourceFieldRef) };
  if (fileKeyRef) return { text: `${fileKeyRef.volumeName}/${fileKeyRef.path}: ${fileKeyRef.key}` };
  if (configMapKeyRef) return { text: configMapKeyRef.key, kind: 'ConfigMap', name: configMapKeyRef.name ?? '' };
  return secretKeyRef ? { text: secretKeyRef.key, kind: 'Secret', name: secretKeyRef.name ?? '' } : { text: '?' };
}

function resourceText({ containerName, resource }: { containerName?: string; resource: string }): string {
  return containerName ? `${containerName}: ${resource}` : resource;
}

/** All of an object's keys as variables. */
export function envFromSource({ configMapRef, secretRef, prefix = '' }: EnvFromSource): Source {
  const text = `${prefix}*`;
  if (configMapRef) return { text, kind: 'ConfigMap', name: configMapRef.name ?? '' };
  return secretRef ? { text, kind: 'Secret', name: secretRef.name ?? '' } : { text };
}

/** `/data from vol (rw,path="sub")`. */
export function mountText({ mountPath, name, readOnly, subPath, subPathExpr }: VolumeMount): string {
  const path = subPath ?? subPathExpr;
  return `${mountPath} ← ${name} (${readOnly ? 'ro' : 'rw'}${path ? `,path="${path}"` : ''})`;
}

/** `cpu 100m, memory 64Mi`; empty where there are none. */
export function amountsText(amounts: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(amounts ?? {})
    .map(([name, amount]) => `${name} ${String(amount)}`)
    .join(', ');
}

function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  return word.includes("'") ? JSON.stringify(word) : `'${word}'`;
}

/** A command as one would type it: words that hold blanks stand in quotation marks. */
export function commandText(words: Container['command']): string {
  return (words ?? []).map(quoted).join(' ');
}

const parts = (...texts: readonly unknown[]): string => texts.filter(Boolean).map(String).join(', ');

type VolumeKind = Source & { readonly type: string };

/** What an object of the namespace lends. */
function borrowed({ configMap, secret, persistentVolumeClaim: claim }: Volume): VolumeKind | undefined {
  if (configMap) return { type: 'ConfigMap', text: '', kind: 'ConfigMap', name: configMap.name ?? '' };
  if (secret) return { type: 'Secret', text: '', kind: 'Secret', name: secret.secretName ?? '' };
  if (!claim) return undefined;
  const type = 'PersistentVolumeClaim';
  return { type, text: claim.readOnly ? 'ro' : '', kind: type, name: claim.claimName };
}

/** What kind of volume it is, and of what. */
export function volumeSource(volume: Volume): VolumeKind {
  const { emptyDir, hostPath, projected } = volume;
  if (emptyDir) return { type: 'EmptyDir', text: parts(emptyDir.medium, emptyDir.sizeLimit) };
  if (hostPath) return { type: 'HostPath', text: parts(hostPath.path, hostPath.type) };
  if (projected) return { type: 'Projected', text: (projected.sources ?? []).flatMap(Object.keys).join(', ') };
  const type = Object.keys(volume).find((key) => key !== 'name') ?? 'EmptyDir';
  return borrowed(volume) ?? { type: type.charAt(0).toUpperCase() + type.slice(1), text: '' };
}
