import type { Found, ResetFields, Strategy } from '@binnacle/apis-registry';
import type { Steps } from '@binnacle/machinery-context';
import { formatApiVersion, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type FieldError,
  fieldPath,
  invalid,
  nameIsDnsSubdomain,
  semanticEqual,
  validateObjectMeta,
} from '@binnacle/machinery-validation';
import { applyDefaults, dropMeaninglessNulls } from '../objects/default.js';
import { validateObjects } from '../objects/embedded.js';
import { validateListTypes } from '../objects/list-types.js';
import { blockedRules } from '../rules/faults.js';
import { hasRules, type Judgement, judging } from '../rules/judge.js';
import { propertyOf } from '../schema/children.js';
import { Correlation } from '../values/correlation.js';
import { validateChange, validateValue } from '../values/validate.js';
import type { CustomKind, CustomTools } from './kind.js';
import { validateScaleSpec, validateScaleStatus } from './scale.js';
import { customWarnings } from './warnings.js';

type CustomObject = UnstructuredObject;

const [ROOT, METADATA, STATUS] = [fieldPath(''), fieldPath('metadata'), fieldPath('status')];

function* also(found: FieldError[], judgement: Steps<Judgement>): Steps<FieldError[]> {
  const { errors } = yield* judgement;
  return [...found, ...errors];
}

/** The rules of custom objects, which their definition says. Behaves as upstream's customresource strategies. */
export class CustomStrategy implements Strategy<CustomObject> {
  readonly allowCreateOnUpdate = false;
  readonly allowUnconditionalUpdate = false;
  readonly resetFields: Readonly<Record<string, ResetFields>>;

  constructor(
    private readonly kind: CustomKind,
    private readonly tools: CustomTools,
  ) {
    const members = Object.keys(kind.schema.properties ?? {});
    const kept = members.filter((name) => !['status', 'spec', 'apiVersion', 'kind', 'metadata'].includes(name));
    this.resetFields = { status: [['spec'], ['metadata'], ...kept.map((name) => [name])] };
  }

  applyDefaults(object: CustomObject): void {
    dropMeaninglessNulls(object, this.kind.schema);
    applyDefaults(object, this.kind.schema);
  }

  prepareForCreate(object: CustomObject): void {
    if (this.kind.hasStatus) delete object.status;
    object.metadata.generation = 1;
  }

  prepareForUpdate(next: CustomObject, old: CustomObject): void {
    if (this.kind.hasStatus) {
      if (Object.hasOwn(old, 'status')) next.status = old.status;
      else delete next.status;
    }
    const { metadata: _next, ...now } = next;
    const { metadata: _old, ...before } = old;
    if (!semanticEqual(now, before)) next.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }

  /** Everything but the status stays as it was. */
  prepareForStatusUpdate(next: CustomObject, old: CustomObject): void {
    const { status } = next;
    const { managedFields, resourceVersion } = next.metadata;
    const hasStatus = Object.hasOwn(next, 'status');
    for (const name of Object.keys(next)) delete next[name];
    Object.assign(next, old, { metadata: { ...old.metadata } });
    delete next.metadata.managedFields;
    if (managedFields) next.metadata.managedFields = managedFields;
    if (resourceVersion !== undefined) next.metadata.resourceVersion = resourceVersion;
    delete next.status;
    if (hasStatus) next.status = status;
  }

  validateCreate(object: CustomObject): Found {
    const typeErrors = this.validateTypeMeta(object);
    if (typeErrors.length > 0) return typeErrors;
    const { schema, scale, namespaced } = this.kind;
    const errors = [
      ...validateObjectMeta(object.metadata, namespaced, nameIsDnsSubdomain, METADATA),
      ...validateValue(object, schema, ROOT),
      ...validateScaleSpec(object, scale),
      ...validateScaleStatus(object, scale),
      ...validateObjects(object, schema, ROOT, this.tools.reader),
      ...validateListTypes(object, schema, ROOT),
    ];
    return this.judged(errors, object);
  }

  validateUpdate(next: CustomObject, old: CustomObject): Found {
    const typeErrors = this.validateTypeMeta(next);
    if (typeErrors.length > 0) return typeErrors;
    const { schema, scale } = this.kind;
    const before = new Correlation(next, old, schema);
    const errors = [
      ...validateChange(before, schema, ROOT),
      ...validateScaleSpec(next, scale),
      ...validateScaleStatus(next, scale),
      ...validateObjects(next, schema, ROOT, this.tools.reader),
      ...this.validateLists(next, old),
    ];
    return this.judged(errors, next, old, before);
  }

  validateStatusUpdate(next: CustomObject, old: CustomObject): Found {
    const typeErrors = this.validateTypeMeta(next);
    if (typeErrors.length > 0) return typeErrors;
    const before = new Correlation(next, old, this.kind.schema);
    const errors = [
      ...this.validateStatus(next, old),
      ...validateScaleStatus(next, this.kind.scale),
      ...this.validateLists(next, old),
    ];
    return this.judged(errors, next, old, before);
  }

  warnings(next: CustomObject, old?: CustomObject): string[] {
    return customWarnings(next, old);
  }

  private validateStatus(next: CustomObject, old: CustomObject): FieldError[] {
    const schema = propertyOf(this.kind.schema, 'status');
    if (!schema || !Object.hasOwn(next, 'status')) return [];
    if (!Object.hasOwn(old, 'status')) return validateValue(next.status, schema, STATUS);
    return validateChange(new Correlation(next.status, old.status, schema), schema, STATUS);
  }

  /** Lists that held something twice before may go on doing so. */
  private validateLists(next: CustomObject, old: CustomObject): FieldError[] {
    const errors = validateListTypes(next, this.kind.schema, ROOT);
    return errors.length > 0 && validateListTypes(old, this.kind.schema, ROOT).length === 0 ? errors : [];
  }

  /** What was found, and what the rules find, which may take long. */
  private judged(found: FieldError[], next: CustomObject, old?: CustomObject, before?: Correlation): Found {
    const { schema } = this.kind;
    if (!hasRules(schema)) return found;
    const blocked = blockedRules(found);
    if (blocked) return [...found, blocked];
    const options = { schema, compile: this.tools.compile, path: ROOT, isResource: true };
    return also(found, judging(next, old, before, options));
  }

  private validateTypeMeta({ kind, apiVersion }: CustomObject): FieldError[] {
    const expected = formatApiVersion(this.kind);
    const errors: FieldError[] = [];
    if (kind !== this.kind.names.kind) errors.push(invalid(fieldPath('kind'), kind, `must be ${this.kind.names.kind}`));
    if (apiVersion !== expected) errors.push(invalid(fieldPath('apiVersion'), apiVersion, `must be ${expected}`));
    return errors;
  }
}
