import type { CelType } from '../types/index.js';

/** The types that names stand for as values, by name. */
export const TYPE_NAMES: ReadonlyMap<string, CelType> = new Map<string, CelType>([
  ['bool', { kind: 'bool' }],
  ['bytes', { kind: 'bytes' }],
  ['double', { kind: 'double' }],
  ['google.protobuf.Duration', { kind: 'duration' }],
  ['google.protobuf.Timestamp', { kind: 'timestamp' }],
  ['int', { kind: 'int' }],
  ['list', { kind: 'list', element: { kind: 'param', name: 'A' } }],
  ['map', { kind: 'map', key: { kind: 'param', name: 'A' }, value: { kind: 'param', name: 'B' } }],
  ['null_type', { kind: 'null' }],
  ['string', { kind: 'string' }],
  ['type', { kind: 'type' }],
  ['uint', { kind: 'uint' }],
  ['optional_type', { kind: 'opaque', name: 'optional_type', parameters: [{ kind: 'param', name: 'V' }] }],
  ['net.IP', { kind: 'opaque', name: 'net.IP', parameters: [] }],
  ['net.CIDR', { kind: 'opaque', name: 'net.CIDR', parameters: [] }],
]);

/** What a name means: a variable of the caller's, one of a macro, or a type. */
export interface Meaning {
  readonly type: CelType;
  readonly origin: 'variable' | 'local' | 'type';
}

/** The names that an expression may use, the innermost first. */
export class Scope {
  constructor(
    private readonly names: ReadonlyMap<string, CelType>,
    private readonly outer?: Scope,
  ) {}

  with(names: readonly (readonly [string, CelType])[]): Scope {
    return new Scope(new Map(names), this);
  }

  /** A name with a dot before it is never one of a macro's. */
  find(name: string): Meaning | undefined {
    if (name.startsWith('.')) return this.global(name.slice(1));
    const type = this.outer ? this.names.get(name) : undefined;
    if (type) return { type, origin: 'local' };
    return this.outer ? this.outer.find(name) : this.global(name);
  }

  private global(name: string): Meaning | undefined {
    if (this.outer) return this.outer.global(name);
    const type = this.names.get(name);
    if (type) return { type, origin: 'variable' };
    const named = TYPE_NAMES.get(name);
    return named ? { type: { kind: 'type', of: named }, origin: 'type' } : undefined;
  }
}
