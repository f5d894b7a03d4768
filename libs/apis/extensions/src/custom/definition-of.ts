import {
  type ResourceDefinition,
  scaleSubresource,
  statusSubresource,
  type SubresourceDefinition,
  storageResource,
  type Verb,
} from '@binnacle/apis-registry';
import { formatApiVersion } from '@binnacle/machinery-meta';
import { hasChanged } from '../crd/conditions.js';
import { type CustomResourceDefinition, storageVersionOf } from '../crd/types.js';
import { asDefined, conformCustom, inVersion } from './conform.js';
import { converter } from './convert.js';
import { deprecationOf } from './deprecation.js';
import { type CustomKind, type CustomTools, customKind } from './kind.js';
import { kindSchema, listSchema } from './open-api.js';
import { customPrinter } from './printer.js';
import { scaleMapping } from './scale.js';
import { selectableReaders } from './selectable.js';
import { CustomStrategy } from './strategy.js';
import { customTable } from './structure.js';

const VERBS: readonly Verb[] = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** No role of the server's own speaks of the kinds that others define. */
const { roles: _roles, ...SCALE } = scaleSubresource;

function subresourcesOf({ hasStatus, scale }: CustomKind): SubresourceDefinition[] {
  return [...(hasStatus ? [statusSubresource] : []), ...(scale ? [SCALE] : [])];
}

function tableOf(kind: CustomKind, digest: string, { reader }: CustomTools) {
  const { group, version, names, schema, model } = kind;
  return customTable(`${digest}/${version}`, {
    name: model,
    gvk: { group, version, kind: names.kind },
    listKind: names.listKind,
    schema,
    conform: (value, owned) => conformCustom(value, owned, schema, reader),
    jsonSchema: (form) => kindSchema(kind, form),
    listJsonSchema: (form) => listSchema(kind, form),
  });
}

/** Fields of all versions: what is stored once is selected by in each. */
function fieldsOf({ definition }: CustomKind): ResourceDefinition['fields'] {
  const fields = definition.spec.versions.flatMap(({ selectableFields = [] }) => selectableFields);
  return selectableReaders(fields);
}

/**
 * Objects may have been stored in another version, or under another schema, than they are shown in: what they are read
 * as follows from the present definition.
 */
function storageOf(kind: CustomKind, tools: CustomTools): ResourceDefinition['storage'] {
  const { definition, group, names, version } = kind;
  const written = formatApiVersion({ group, version: storageVersionOf(definition)?.name ?? version });
  const form = { resource: storageResource({ group, names }), apiVersion: written };
  if (definition.spec.conversion?.strategy === 'Webhook') return { ...form, convert: converter(kind, tools) };
  if (!hasChanged(definition) && definition.spec.versions.length === 1) return undefined;
  const shown = formatApiVersion({ group, version });
  return {
    ...form,
    toStored: (object) => inVersion(object, written),
    fromStored: (object) => asDefined(inVersion(object, shown), kind, tools.reader),
  };
}

/**
 * The definition of one version of a custom kind, the same that built-in kinds have.
 * `crd` is kept: it must not be changed afterwards. `digest` changes with what it says, and is the same for equal ones.
 * @throws RangeError where there is no such version.
 */
export function definitionOf(
  crd: CustomResourceDefinition,
  version: string,
  digest: string,
  tools: CustomTools,
): ResourceDefinition {
  const kind = customKind(crd, version);
  const storage = storageOf(kind, tools);
  const deprecation = deprecationOf(kind);
  return {
    group: kind.group,
    version,
    names: kind.names,
    namespaced: kind.namespaced,
    verbs: VERBS,
    subresources: subresourcesOf(kind),
    schema: kind.model,
    schemas: tableOf(kind, digest, tools),
    custom: true,
    strategy: new CustomStrategy(kind, tools),
    printer: customPrinter(kind.of.additionalPrinterColumns),
    fields: fieldsOf(kind),
    ...(kind.scale && { scale: scaleMapping(kind.scale) }),
    ...(storage && { storage }),
    ...(deprecation && { deprecation }),
  };
}
