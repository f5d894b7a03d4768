import type { Union } from '@binnacle/apis-schema';

const of = (discriminator: string | undefined, ...fields: string[]): Union => ({ discriminator, fields });

/** Structures of which one member is set at most, as upstream's OpenAPI documents say it. */
const unions: Readonly<Record<string, Union>> = {
  'io.k8s.api.core.v1.AppArmorProfile': of('type', 'localhostProfile'),
  'io.k8s.api.core.v1.PodSchedulingGroup': of(undefined, 'podGroupName'),
  'io.k8s.api.core.v1.SeccompProfile': of('type', 'localhostProfile'),
  'io.k8s.api.flowcontrol.v1.LimitResponse': of('type', 'queuing'),
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec': of('type', 'exempt', 'limited'),
  'io.k8s.api.flowcontrol.v1.Subject': of('kind', 'group', 'serviceAccount', 'user'),
};

export const unionOf = (definition: string): Union | undefined =>
  Object.hasOwn(unions, definition) ? unions[definition] : undefined;
