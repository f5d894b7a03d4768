import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { FieldWork } from './field-work.js';
import { LIMITS } from './limits.js';
import { type Measure, NOTHING, sum, TooCostly, within } from './measure.js';
import { ValueCounter, type Variables } from './values.js';

/** Selection sets inside one another, with or without fields. */
const NESTED = 100;
/** Fields of `__Type` that lead from one type to many. */
const TYPE_LISTS = ['fields', 'inputFields', 'interfaces', 'possibleTypes'];

type Type = GraphQLNamedType | undefined;

/**
 * Measures an operation before anybody validates it, in time linear in its text: what a fragment asks for is worked out
 * once, wherever it is spread. The operation may be wrong in any way; what the schema does not know counts as a plain field.
 */
export class Analyzer {
  /** How many selection sets were looked at, for tests. */
  visits = 0;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly measured = new Map<string, Measure>();
  private readonly measuring = new Set<string>();
  private readonly work: FieldWork;

  /** @throws TooCostly for documents of too many parts. */
  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    variables: Variables,
  ) {
    this.work = new FieldWork(schema, new ValueCounter(variables));
    let operations = 0;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
      if (definition.kind === Kind.OPERATION_DEFINITION) operations += 1;
    }
    if (this.fragments.size > LIMITS.fragments)
      throw new TooCostly(`the document has more than ${LIMITS.fragments} fragments`);
    if (operations > LIMITS.operations)
      throw new TooCostly(`the document has more than ${LIMITS.operations} operations`);
  }

  /** @throws TooCostly naming the limit that is passed, or the fragment that contains itself. */
  measure(operation: OperationDefinitionNode): Measure {
    const root = this.schema.getRootType(operation.operation) ?? undefined;
    const measure = sum(this.selection(operation.selectionSet, root, 0), directivesOf(operation));
    if (measure.ownFields > LIMITS.rootFields)
      throw new TooCostly(`the operation has more than ${LIMITS.rootFields} fields of its own; split it into several`);
    return measure;
  }

  private selection(set: SelectionSetNode | undefined, parent: Type, nested: number): Measure {
    if (!set) return NOTHING;
    this.visits += 1;
    if (nested > NESTED) throw new TooCostly(`the operation is more than ${NESTED} selections deep`);
    return set.selections.reduce((total, node) => sum(total, this.node(node, parent, nested)), NOTHING);
  }

  private node(node: SelectionNode, parent: Type, nested: number): Measure {
    const directives = directivesOf(node);
    if (node.kind === Kind.FIELD) return sum(directives, this.field(node, parent, nested));
    if (node.kind === Kind.FRAGMENT_SPREAD) return sum(directives, this.fragment(node.name.value, nested));
    const condition = node.typeCondition?.name.value;
    const type = condition === undefined ? parent : this.schema.getType(condition);
    return sum(directives, this.selection(node.selectionSet, type, nested + 1));
  }

  private fragment(name: string, nested: number): Measure {
    const known = this.measured.get(name);
    if (known) return known;
    const definition = this.fragments.get(name);
    if (!definition) return NOTHING;
    if (this.measuring.has(name)) throw new TooCostly(`the fragment ${name} contains itself`);
    this.measuring.add(name);
    const type = this.schema.getType(definition.typeCondition.name.value);
    const measure = sum(directivesOf(definition), this.selection(definition.selectionSet, type, nested + 1));
    this.measuring.delete(name);
    this.measured.set(name, measure);
    return measure;
  }

  private field(node: FieldNode, parent: Type, nested: number): Measure {
    const name = node.name.value;
    const field = fieldOf(parent, name, this.schema);
    const below = this.selection(node.selectionSet, field && getNamedType(field.type), nested + 1);
    const listsTypes = parent?.name === '__Type' && TYPE_LISTS.includes(name);
    const counted = {
      ...below,
      ownFields: 1,
      fields: below.fields + 1,
      depth: below.depth + 1,
      aliases: below.aliases + Number(node.alias !== undefined),
      typeLists: below.typeLists + Number(listsTypes),
    };
    return within({ ...counted, ...this.work.of(node, field, below) });
  }
}

function directivesOf({ directives = [] }: { readonly directives?: readonly unknown[] | undefined }): Measure {
  return directives.length === 0 ? NOTHING : within({ ...NOTHING, directives: directives.length });
}

function fieldOf(parent: Type, name: string, schema: GraphQLSchema): GraphQLField<unknown, unknown> | undefined {
  if (parent && parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const fields = parent.getFields();
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
