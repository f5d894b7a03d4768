import {
  type CustomResourceDefinition,
  type CustomResourceDefinitionNames,
  type CustomResourceDefinitionSpec,
  type Scope,
  storageVersionOf,
} from './types.js';

const HTTPS = 443;

/** The version that objects are stored in belongs to those they were ever stored in. */
export function noteStoredVersion(definition: CustomResourceDefinition): void {
  const name = storageVersionOf(definition)?.name;
  const { storedVersions = [] } = definition.status ?? {};
  if (name === undefined || storedVersions.includes(name)) return;
  definition.status = { ...definition.status, storedVersions: [...storedVersions, name] };
}

function nameDefaults(names: CustomResourceDefinitionNames): CustomResourceDefinitionNames {
  const { singular, listKind, kind = '' } = names;
  return { ...names, singular: singular || kind.toLowerCase(), listKind: listKind || (kind && `${kind}List`) };
}

function applySpecDefaults(spec: CustomResourceDefinitionSpec): void {
  // Definitions come here before anything is known to be there.
  spec.versions ??= [];
  spec.names = nameDefaults(spec.names ?? { plural: '', kind: '' });
  spec.conversion ??= { strategy: 'None' };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= HTTPS;
}

export function applyDefaults(definition: CustomResourceDefinition): void {
  definition.spec ??= { group: '', scope: '' as Scope, names: { plural: '', kind: '' }, versions: [] };
  applySpecDefaults(definition.spec);
  if (!definition.status?.storedVersions?.length) noteStoredVersion(definition);
}
