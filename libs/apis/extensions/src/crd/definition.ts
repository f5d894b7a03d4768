import { allVerbs, type ResourceDefinition, specAndStatus, statusSubresource } from '@binnacle/apis-registry';
import { applyDefaults } from './defaults.js';
import { definitionSchemas, DEFINITION_SCHEMA } from './conform.js';
import { formatWarnings } from './format-warnings.js';
import { planDeletion, prepareForCreate, prepareForUpdate } from './prepare.js';
import { printer } from './printer.js';
import { type CustomResourceDefinition, GROUP } from './types.js';
import { validateNew, validateStatusUpdate, validateUpdate } from './validation.js';
import type { Tools } from './version-validation.js';

/** The largest of well-known operators hold 64,000. Only administrators write them. */
const MOST_VALUES = 100_000;

export const PLURAL = 'customresourcedefinitions';

/** The kind of definitions of kinds. `tools`: what their schemas and rules are checked with. */
export function customResourceDefinitions(tools: Tools): ResourceDefinition {
  const definition: Omit<ResourceDefinition<CustomResourceDefinition>, 'schemas'> = {
    group: GROUP,
    version: 'v1',
    names: {
      plural: PLURAL,
      singular: 'customresourcedefinition',
      kind: 'CustomResourceDefinition',
      listKind: 'CustomResourceDefinitionList',
      shortNames: ['crd', 'crds'],
      categories: ['api-extensions'],
    },
    namespaced: false,
    priority: { group: 16_700, version: 15 },
    verbs: allVerbs,
    subresources: [statusSubresource],
    schema: DEFINITION_SCHEMA,
    bodyValues: MOST_VALUES,
    strategy: {
      applyDefaults,
      prepareForCreate,
      prepareForUpdate,
      planDeletion,
      prepareForStatusUpdate: specAndStatus.updateStatus,
      validateCreate: (object) => validateNew(object, tools),
      validateUpdate: (next, old) => validateUpdate(next, old, tools),
      validateStatusUpdate,
      warnings: formatWarnings,
    },
    printer,
    fields: {},
  };
  return { ...definition, schemas: definitionSchemas } as unknown as ResourceDefinition;
}
