import {
  type CelType,
  DYN,
  isSameType,
  parametersOf,
  type TypeParameter,
  unwrapOptional,
  withParameters,
} from '../types/index.js';

const isDyn = (type: CelType): boolean => type.kind === 'dyn';
const isDynOrError = (type: CelType): boolean => isDyn(type) || type.kind === 'error';

/** What null may stand for. */
const NULLABLE = new Set<CelType['kind']>(['opaque', 'object', 'duration', 'timestamp', 'null', 'dyn']);
const SCALARS = new Set<CelType['kind']>([
  'bool',
  'bytes',
  'double',
  'int',
  'string',
  'uint',
  'duration',
  'timestamp',
  'object',
]);

/** Whether the first agrees with the second by being no more specific. */
function isLessSpecific(left: CelType, right: CelType): boolean {
  if (isDyn(left) || left.kind === 'param') return true;
  if (isDyn(right) || right.kind === 'param' || left.kind !== right.kind) return false;
  if (left.kind === 'type') return true;
  const [ours, theirs] = [parametersOf(left), parametersOf(right)];
  if (ours.length === 0 || (left.kind === 'opaque' && !hasSameName(left, right))) return isSameType(left, right);
  return ours.length === theirs.length && ours.every((type, index) => isLessSpecific(type, theirs[index] ?? DYN));
}

const hasSameName = (left: CelType, right: CelType): boolean =>
  left.kind === right.kind && ('name' in left ? left.name : '') === ('name' in right ? right.name : '');

/** The more general of two types that agree. */
export const mostGeneral = (left: CelType, right: CelType): CelType => (isLessSpecific(left, right) ? left : right);

/** What the checker knows of the types that it has yet to find. Behaves as cel-go checker/types.go. */
export class Substitution {
  private readonly known = new Map<string, CelType>();
  /** What was known before, so that a try that fails leaves nothing behind. */
  private readonly trail: [name: string, before: CelType | undefined][] = [];
  private made = 0;

  newVariable(): TypeParameter {
    this.made += 1;
    return { kind: 'param', name: `_var${this.made - 1}` };
  }

  private set(name: string, type: CelType): void {
    this.trail.push([name, this.known.get(name)]);
    this.known.set(name, type);
  }

  private attempt(agree: () => boolean): boolean {
    const start = this.trail.length;
    if (agree()) return true;
    while (this.trail.length > start) {
      const [name, before] = this.trail.pop() ?? ['', undefined];
      if (before) this.known.set(name, before);
      else this.known.delete(name);
    }
    return false;
  }

  isAssignable(left: CelType, right: CelType): boolean {
    return this.attempt(() => this.agrees(left, right));
  }

  areAssignable(left: readonly CelType[], right: readonly CelType[]): boolean {
    return this.attempt(() => this.agreeAll(left, right));
  }

  private agreeAll(left: readonly CelType[], right: readonly CelType[]): boolean {
    return left.length === right.length && left.every((type, index) => this.agrees(type, right[index] ?? DYN));
  }

  private agrees(left: CelType, right: CelType): boolean {
    if (right.kind === 'param') {
      const { valid, known } = this.stands(left, right);
      if (valid || known) return valid;
    }
    if (left.kind === 'param') return this.stands(right, left).valid;
    if (isDynOrError(left) || isDynOrError(right)) return true;
    if (left.kind === 'null') return NULLABLE.has(right.kind);
    if (right.kind === 'null') return NULLABLE.has(left.kind);
    return this.agreeConcretely(left, right);
  }

  private agreeConcretely(left: CelType, right: CelType): boolean {
    if (SCALARS.has(left.kind)) return isSameType(left, right);
    if (left.kind === 'type') return right.kind === 'type';
    return hasSameName(left, right) && this.agreeAll(parametersOf(left), parametersOf(right));
  }

  /** Whether a type can stand for a variable, and whether the variable was known already. */
  private stands(type: CelType, variable: TypeParameter): { valid: boolean; known: boolean } {
    if (isSameType(type, variable)) return { valid: true, known: true };
    const known = this.known.get(variable.name);
    if (!known) {
      const valid = !this.occurs(variable, type);
      if (valid) this.set(variable.name, type);
      return { valid, known: false };
    }
    if (isSameType(type, known)) return { valid: true, known: true };
    if (!this.agrees(type, known)) return { valid: false, known: true };
    const general = mostGeneral(type, known);
    if (!this.occurs(variable, general)) this.set(variable.name, general);
    return { valid: true, known: true };
  }

  private occurs(variable: TypeParameter, within: CelType): boolean {
    if (isSameType(variable, within)) return true;
    if (within.kind === 'param') {
      const known = this.known.get(within.name);
      return known !== undefined && this.occurs(variable, known);
    }
    return parametersOf(within).some((type) => this.occurs(variable, type));
  }

  /** The type with all that is known put in; `final` makes `dyn` of the rest. */
  apply(type: CelType, final = false): CelType {
    if (type.kind === 'param') {
      const known = this.known.get(type.name);
      if (known) return this.apply(known, final);
      return final ? DYN : type;
    }
    const parameters = parametersOf(type);
    if (parameters.length === 0) return type;
    const applied = parameters.map((parameter) => this.apply(parameter, final));
    return applied.every((parameter, index) => parameter === parameters[index]) ? type : withParameters(type, applied);
  }

  /** A signature with variables of its own for its parameters. */
  instantiate(types: readonly CelType[]): CelType[] {
    const fresh = new Map<string, TypeParameter>();
    const replace = (type: CelType): CelType => {
      if (type.kind !== 'param') {
        const parameters = parametersOf(type);
        return parameters.length === 0 ? type : withParameters(type, parameters.map(replace));
      }
      const variable = fresh.get(type.name) ?? this.newVariable();
      fresh.set(type.name, variable);
      return variable;
    };
    return types.map(replace);
  }
}

/** The type within an optional, or the type itself. */
export function maybeUnwrap(type: CelType): { type: CelType; optional: boolean } {
  const of = unwrapOptional(type);
  return of ? { type: of, optional: true } : { type, optional: false };
}
