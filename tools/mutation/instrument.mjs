// Puts all mutants of a file into its text at once, each behind a switch: `$m(7) ? mutated : original`.
import ts from 'typescript';
import { mutantsOf } from './mutators.mjs';

/** Whether an expression may stand in parentheses behind a switch without meaning something else. */
function isWrappable(node) {
  const { parent } = node;
  if (!ts.isExpression(node) || ts.isPartOfTypeNode(node) || !parent) return false;
  if (ts.isExpressionWithTypeArguments(parent) || ts.isSpreadElement(node) || ts.isOmittedExpression(node))
    return false;
  if (parent.expression === node) {
    // What a method is called on stays as it is, and so does whatever a chain may stop at.
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return false;
    if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
      return !(parent.flags & ts.NodeFlags.OptionalChain);
    if (ts.isNonNullExpression(parent)) return false;
  }
  if (parent.name === node || parent.propertyName === node || parent.label === node) return false;
  if (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) return false;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator !== ts.SyntaxKind.PlusPlusToken && parent.operator !== ts.SyntaxKind.MinusMinusToken;
  if (ts.isForOfStatement(parent) && parent.initializer === node) return false;
  return !ts.isDeleteExpression(parent) && !ts.isTaggedTemplateExpression(parent) && !ts.isTemplateSpan(node);
}

const isAssignment = (kind) => kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

function hostOf(node, mutant) {
  if (mutant.block) return mutant.block;
  let at = node;
  while (at && (at.getStart() > mutant.start || at.end < mutant.end || !isWrappable(at))) at = at.parent;
  return at;
}

/** The arrow function that is all an expression is, whose mutated body is wrapped alone. */
function placeOf(node, mutant) {
  if (mutant.kind === 'arrow') return node.body;
  const inner = mutant.kind === 'condition' ? (node.condition ?? node.expression) : node;
  return hostOf(inner, mutant);
}

/** Answers the text with switches, and its mutants. `first` is the number of the first of them. */
export function instrument(file, text, first) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants = [];
  const byHost = new Map();
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isImportDeclaration(node) || ts.isThrowStatement(node)) return;
    for (const mutant of mutantsOf(node, source)) {
      const host = placeOf(node, mutant);
      if (!host) continue;
      const id = first + mutants.length;
      const { line, character } = source.getLineAndCharacterOfPosition(mutant.start);
      const before = text.slice(mutant.start, mutant.end);
      mutants.push({ id, file, line: line + 1, column: character + 1, kind: mutant.kind, before, after: mutant.text });
      byHost.set(host, [...(byHost.get(host) ?? []), { ...mutant, id }]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { text: print(source, text, byHost), mutants };
}

function print(source, text, byHost) {
  const render = (node) => {
    let [out, at] = ['', node.getStart(source)];
    ts.forEachChild(node, (child) => {
      const start = child.getStart(source);
      if (start < at) return;
      out += text.slice(at, start) + render(child);
      at = child.end;
    });
    out += text.slice(at, node.end);
    return wrap(node, out);
  };
  const wrap = (node, plain) => {
    let out = plain;
    for (const mutant of byHost.get(node) ?? []) {
      if (mutant.block) {
        out = `{ if (!$m(${mutant.id})) ${out} }`;
        continue;
      }
      const start = node.getStart(source);
      const mutated = text.slice(start, mutant.start) + mutant.text + text.slice(mutant.end, node.end);
      out = `($m(${mutant.id})?(${mutated}):(${out}))`;
    }
    return out;
  };
  const start = source.getStart(source);
  return text.slice(0, start) + render(source) + text.slice(source.end);
}
