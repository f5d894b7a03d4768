// What may be wrong with a line: each mutator answers replacements of a part of the text, as StrykerJS names them.
import ts from 'typescript';

const { SyntaxKind: Kind } = ts;

const BINARY = new Map([
  [Kind.PlusToken, ['-']],
  [Kind.MinusToken, ['+']],
  [Kind.AsteriskToken, ['/']],
  [Kind.SlashToken, ['*']],
  [Kind.PercentToken, ['*']],
  [Kind.LessThanToken, ['<=', '>=']],
  [Kind.LessThanEqualsToken, ['<', '>']],
  [Kind.GreaterThanToken, ['>=', '<=']],
  [Kind.GreaterThanEqualsToken, ['>', '<']],
  [Kind.EqualsEqualsEqualsToken, ['!==']],
  [Kind.ExclamationEqualsEqualsToken, ['===']],
  [Kind.AmpersandAmpersandToken, ['||']],
  [Kind.BarBarToken, ['&&']],
  [Kind.QuestionQuestionToken, ['&&']],
  [Kind.PlusEqualsToken, ['-=']],
  [Kind.MinusEqualsToken, ['+=']],
]);

/** Methods that are taken for another, or left out ('' keeps what they were called on). */
const METHODS = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['filter', ''],
  ['sort', ''],
  ['toSorted', ''],
  ['reverse', ''],
  ['slice', ''],
  ['trim', ''],
]);

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);

/** Literals that are names or types rather than values. */
function isName(node) {
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent) || ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  return ts.isTaggedTemplateExpression(parent);
}

function binary(node, source) {
  if (!ts.isBinaryExpression(node)) return [];
  const operator = node.operatorToken;
  if (operator.kind === Kind.PlusToken && (isText(node.left) || isText(node.right))) return [];
  return (BINARY.get(operator.kind) ?? []).map((text) => ({
    kind: 'operator',
    start: operator.getStart(source),
    end: operator.end,
    text,
  }));
}

function condition(node, source) {
  const found = ts.isConditionalExpression(node)
    ? node.condition
    : ts.isIfStatement(node)
      ? node.expression
      : ts.isWhileStatement(node)
        ? node.expression
        : ts.isForStatement(node)
          ? node.condition
          : undefined;
  if (!found) return [];
  const texts = ts.isForStatement(node) || ts.isWhileStatement(node) ? ['false'] : ['true', 'false'];
  return texts.map((text) => ({ kind: 'condition', start: found.getStart(source), end: found.end, text }));
}

function unary(node, source) {
  if (
    ts.isPrefixUnaryExpression(node) &&
    (node.operator === Kind.ExclamationToken || node.operator === Kind.MinusToken)
  ) {
    const text = node.operator === Kind.MinusToken ? `+${node.operand.getText(source)}` : node.operand.getText(source);
    return [{ kind: 'unary', start: node.getStart(source), end: node.end, text: `(${text})` }];
  }
  if (!ts.isPostfixUnaryExpression(node) && !ts.isPrefixUnaryExpression(node)) return [];
  const other = node.operator === Kind.PlusPlusToken ? '--' : node.operator === Kind.MinusMinusToken ? '++' : undefined;
  if (!other) return [];
  return [
    { kind: 'update', start: node.getStart(source), end: node.end, text: `${node.operand.getText(source)}${other}` },
  ];
}

function literal(node, source) {
  const place = { start: node.getStart(source), end: node.end };
  if (node.kind === Kind.TrueKeyword && !ts.isLiteralTypeNode(node.parent))
    return [{ kind: 'boolean', ...place, text: 'false' }];
  if (node.kind === Kind.FalseKeyword && !ts.isLiteralTypeNode(node.parent))
    return [{ kind: 'boolean', ...place, text: 'true' }];
  if (isText(node) && !isName(node)) {
    const isEmpty = node.getText(source).length <= 2;
    return [{ kind: 'text', ...place, text: isEmpty ? "'mutated'" : "''" }];
  }
  if (ts.isArrayLiteralExpression(node) && !isTarget(node))
    return node.elements.length > 0 ? [{ kind: 'array', ...place, text: '[]' }] : [];
  if (ts.isObjectLiteralExpression(node) && node.properties.length > 0 && !isTarget(node))
    return [{ kind: 'object', ...place, text: '({})' }];
  return [];
}

/** What is taken apart on the left of an assignment. */
const isTarget = ({ parent }) =>
  (ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === Kind.EqualsToken &&
    ts.isExpressionStatement(parent.parent)) ||
  ts.isForOfStatement(parent);

function method(node, source) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  const other = METHODS.get(name.text);
  if (other === undefined) return [];
  if (other) return [{ kind: 'method', start: name.getStart(source), end: name.end, text: other }];
  return [{ kind: 'method', start: expression.end, end: node.end, text: '' }];
}

function chain(node, source) {
  const token = (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && node.questionDotToken;
  if (!token) return [];
  const text = ts.isPropertyAccessExpression(node) ? '.' : '';
  return [{ kind: 'chain', start: token.getStart(source), end: token.end, text }];
}

function body(node, source) {
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isGetAccessor(node);
  if (isFunction && node.body && ts.isBlock(node.body) && node.body.statements.length > 0)
    return [{ kind: 'block', start: node.body.getStart(source), end: node.body.end, text: '{}', block: node.body }];
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body)) return [];
  return [{ kind: 'arrow', start: node.body.getStart(source), end: node.body.end, text: 'undefined' }];
}

const ALL = [binary, condition, unary, literal, method, chain, body];

/** Everything that may be wrong with one node. */
export const mutantsOf = (node, source) => ALL.flatMap((mutate) => mutate(node, source));
