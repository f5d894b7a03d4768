import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerConfig, PodSandboxConfig } from '@binnacle/node-cri';
import { readManifest } from '@binnacle/node-kubelet/manifests';
import type { ManifestPlace } from '../manifest-gate.js';

export const manifestPlace = (root: string): ManifestPlace => ({
  directory: join(root, 'manifests'),
  nodeName: 'cp',
});

/** In a manifest `$$` is a plain `$`. */
const escaped = (words: readonly string[]) => words.map((word) => word.replaceAll('$', '$$$$'));

function containerOf(config: ContainerConfig, probes: readonly (readonly string[])[]): object {
  const { image, command, env, workingDir, runAsUser, runAsGroup, metadata } = config;
  const [livenessProbe, readinessProbe, startupProbe] = probes.map((words) => ({ exec: { command: words } }));
  return {
    name: metadata.name,
    image,
    command: escaped(command),
    workingDir,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    securityContext: { runAsUser, runAsGroup },
    ...{ livenessProbe, readinessProbe, startupProbe },
  };
}

/** Writes the manifest that asks for one container, and at most three probes, for tests; answers the sandbox of its Pod. */
export function writeManifest(
  root: string,
  config: ContainerConfig,
  probes: readonly (readonly string[])[] = [],
): PodSandboxConfig {
  const { directory, nodeName } = manifestPlace(root);
  const path = join(directory, 'pod.json');
  const spec = { hostNetwork: true, containers: [containerOf(config, probes)] };
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'ns' }, spec });
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  const { uid = '' } = readManifest(text, { path, nodeName, seen: '' }).metadata;
  return {
    metadata: { name: `pod-${nodeName}`, namespace: 'ns', uid, attempt: 0 },
    hostname: 'pod',
    logDirectory: join(root, 'logs'),
    labels: {},
    annotations: {},
    hostNetwork: true,
  };
}
