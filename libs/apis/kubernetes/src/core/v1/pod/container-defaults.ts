import { canonicalise, canonicalised } from '@binnacle/apis-registry';
import type {
  Container,
  ContainerPort,
  EnvVarSource,
  EphemeralContainer,
  HTTPGetAction,
  Lifecycle,
  Probe,
} from '../index.js';
import { defaultPullPolicy } from './image.js';

function defaultHttpGet(action: HTTPGetAction | undefined): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

function defaultProbe(probe: Probe | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  defaultHttpGet(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= '';
}

function defaultLifecycle(lifecycle: Lifecycle | undefined): void {
  defaultHttpGet(lifecycle?.postStart?.httpGet);
  defaultHttpGet(lifecycle?.preStop?.httpGet);
}

function defaultPort(port: ContainerPort): void {
  port.protocol ||= 'TCP';
}

/** What a container, or a file in a volume, may be told about its Pod. */
export function defaultReference({
  fieldRef,
  resourceFieldRef,
}: Pick<EnvVarSource, 'fieldRef' | 'resourceFieldRef'>): void {
  if (fieldRef) fieldRef.apiVersion ??= 'v1';
  if (resourceFieldRef) resourceFieldRef.divisor = canonicalised(resourceFieldRef.divisor ?? '0');
}

/** Behaves as kubernetes pkg/apis/core/v1 SetDefaults_Container and the defaults of what is in it. */
export function applyContainerDefaults(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.resources ??= {};
  canonicalise(container.resources.limits, container.resources.requests);
  for (const port of container.ports ?? []) defaultPort(port);
  for (const { valueFrom } of container.env ?? []) defaultReference(valueFrom ?? {});
  defaultProbe(container.livenessProbe);
  defaultProbe(container.readinessProbe);
  defaultProbe(container.startupProbe);
  defaultLifecycle(container.lifecycle);
}
