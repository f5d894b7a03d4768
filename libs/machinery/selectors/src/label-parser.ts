import { newBadRequest, type StatusError } from '@binnacle/machinery-meta';
import { invalid, isQualifiedName } from '@binnacle/machinery-validation';
import { type Requirement, requirementErrors, type SelectorOperator } from './requirement.js';

/** `word` carries a key, a value or a keyword; the others are the symbols themselves. */
interface Token {
  readonly kind: 'word' | 'symbol' | 'error' | 'end';
  readonly text: string;
}

const SYMBOLS = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const END: Token = { kind: 'end', text: '' };
const NEXT = /[ \t\r\n]*(?:([=!(),><]+)|([^=!(),>< \t\r\n]+))/y;

/** The longest symbol a run of symbol characters starts with. */
function symbolOf(run: string): Token {
  const text = [run.slice(0, 2), run.slice(0, 1)].find((candidate) => SYMBOLS.has(candidate));
  return text === undefined
    ? { kind: 'error', text: `error expected: keyword found '${run}'` }
    : { kind: 'symbol', text };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const next = new RegExp(NEXT);
  for (let match = next.exec(text); match !== null; match = next.exec(text)) {
    const [, run, word] = match;
    const token: Token = run === undefined ? { kind: 'word', text: word ?? '' } : symbolOf(run);
    if (run !== undefined && token.kind === 'symbol') next.lastIndex -= run.length - token.text.length;
    tokens.push(token);
  }
  return tokens;
}

const found = (token: Token, expected: string): StatusError =>
  newBadRequest(`found '${token.text}', expected: ${expected}`);

const BINARY = ['in', 'notin', '=', '==', '!=', '>', '<'];

/** Reads the string form of a label selector, with the messages of kubernetes apimachinery pkg/labels. */
export class LabelParser {
  private readonly tokens: Token[];
  private position = 0;

  constructor(text: string) {
    this.tokens = tokenize(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    while (this.peek().kind !== 'end') {
      if (!this.startsRequirement()) throw found(this.peek(), "!, identifier, or 'end of string'");
      requirements.push(this.wrapped());
      if (this.peek().kind === 'end') break;
      if (!this.accept(',')) throw found(this.peek(), "',' or 'end of string'");
      if (!this.startsRequirement()) throw found(this.peek(), "identifier after ','");
    }
    return requirements;
  }

  private peek(): Token {
    return this.tokens[this.position] ?? END;
  }

  private take(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }

  private is(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.text === symbol;
  }

  private accept(symbol: string): boolean {
    if (!this.is(symbol)) return false;
    this.position += 1;
    return true;
  }

  private startsRequirement(): boolean {
    return this.peek().kind === 'word' || this.is('!');
  }

  private wrapped(): Requirement {
    try {
      return this.requirement();
    } catch (error) {
      throw newBadRequest(`unable to parse requirement: ${(error as Error).message}`);
    }
  }

  private requirement(): Requirement {
    const negated = this.accept('!');
    const token = this.take();
    if (token.kind !== 'word') throw found(token, 'identifier');
    const key = token.text;
    const complaints = isQualifiedName(key);
    if (complaints.length > 0) throw newBadRequest(`<nil>: ${invalid('', key, complaints.join('; ')).message}`);
    if (negated) return { key, operator: '!', values: [] };
    if (this.peek().kind === 'end' || this.is(',')) return { key, operator: 'exists', values: [] };
    const operator = this.operator();
    return this.checked({
      key,
      operator,
      values: operator === 'in' || operator === 'notin' ? this.list() : this.exact(),
    });
  }

  private checked(requirement: Requirement): Requirement {
    const errors = requirementErrors(requirement).map((error) => `${error.field}: ${error.message}`);
    if (errors.length > 0) throw newBadRequest(errors.length === 1 ? `${errors[0]}` : `[${errors.join(', ')}]`);
    return requirement;
  }

  private operator(): SelectorOperator {
    const token = this.take();
    if (!BINARY.includes(token.text)) throw found(token, ['in', 'notin', '=', '==', '!=', 'gt', 'lt'].join(', '));
    return token.text as SelectorOperator;
  }

  private exact(): string[] {
    if (this.peek().kind === 'end' || this.is(',')) return [''];
    const token = this.take();
    if (token.kind !== 'word') throw found(token, 'identifier');
    return [token.text];
  }

  /** `(a,b)`; a missing value between commas or parentheses is the empty string. */
  private list(): string[] {
    const open = this.take();
    if (open.text !== '(') throw newBadRequest(`found '${open.text}' expected: '('`);
    const values = new Set<string>();
    for (;;) {
      values.add(this.peek().kind === 'word' ? this.take().text : '');
      if (this.accept(')')) return [...values].sort();
      if (!this.accept(',')) throw found(this.peek(), "',' or ')'");
    }
  }
}
