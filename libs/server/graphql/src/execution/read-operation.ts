import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { Analyzer } from '../cost/analyzer.js';
import { LIMITS } from '../cost/limits.js';
import { type Measure, TooCostly } from '../cost/measure.js';
import { checkVariables, type Variables } from '../cost/values.js';
import { overlappingFields } from './overlapping-fields.js';

/** What a client asks for, as far as it has been looked at. */
export interface OperationText {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Variables;
}

/** An operation that may run. */
export interface Operation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
  readonly measure: Measure;
}

const MOST_ERRORS = 20;
const RULES = [
  ...specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule),
  // Named apart, because graphql's own is not linear.
  overlappingFields,
];

const refusal = (message: string, code: string): GraphQLError => new GraphQLError(message, { extensions: { code } });

function withCode(error: GraphQLError, code: string): GraphQLError {
  Object.assign(error.extensions, { code });
  return error;
}

function parseDocument(text: string): DocumentNode {
  if (text.length > LIMITS.documentBytes || Buffer.byteLength(text) > LIMITS.documentBytes)
    throw refusal(`the document is larger than ${LIMITS.documentBytes} bytes`, 'RequestEntityTooLarge');
  try {
    return parse(text, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw withCode(error, 'GRAPHQL_PARSE_FAILED');
    // The parser recurses: text that is nested too deeply ends it otherwise than by a syntax error.
    throw refusal('the document is nested too deeply', 'GRAPHQL_PARSE_FAILED');
  }
}

function definitionOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const definition = getOperationAST(document, name);
  if (definition) return definition;
  const why = name
    ? `Unknown operation named "${name.slice(0, 100)}".`
    : 'Must provide operation name or one operation.';
  throw refusal(why, 'OPERATION_RESOLUTION_FAILURE');
}

/**
 * Reads, measures and validates an operation, in this order: what would be long to validate is refused before. `check` sees it before
 * anything is told of the schema.
 * @throws GraphQLError, or several of them as an AggregateError; and what `check` throws.
 */
export function readOperation(
  schema: GraphQLSchema,
  text: OperationText,
  check: (definition: OperationDefinitionNode) => void = () => undefined,
): Operation {
  const document = parseDocument(text.query);
  const definition = definitionOf(document, text.operationName);
  check(definition);
  const measure = measureAll(schema, document, definition, text.variables);
  const errors = validate(schema, document, RULES, { maxErrors: MOST_ERRORS });
  if (errors.length > 0) throw new AggregateError(errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED')));
  const { query, operationName, variables } = text;
  return { text: query, document, definition, operationName, variables, measure };
}

/** Every operation of the document is validated, so each of them must be small. */
function measureAll(
  schema: GraphQLSchema,
  document: DocumentNode,
  wanted: OperationDefinitionNode,
  variables: Variables,
): Measure {
  try {
    checkVariables(variables);
    const analyzer = new Analyzer(schema, document, variables);
    for (const definition of document.definitions)
      if (definition.kind === 'OperationDefinition' && definition !== wanted) analyzer.measure(definition);
    return analyzer.measure(wanted);
  } catch (error) {
    if (error instanceof TooCostly) throw refusal(error.message, 'RequestEntityTooLarge');
    throw error;
  }
}
