/** Where a field is in an object, printed as upstream prints it: `spec.containers[0].ports[name=web]`. */
export class FieldPath {
  /** Every field of every write makes one of these and hardly any is printed, so it only remembers its parent. */
  private constructor(
    private readonly parent: FieldPath | undefined,
    private readonly step: string | number,
    private readonly isKey: boolean,
  ) {}

  static of(...names: string[]): FieldPath {
    return new FieldPath(undefined, names.join('.'), false);
  }

  child(name: string, inner?: string): FieldPath {
    const child = new FieldPath(this, name, false);
    return inner === undefined ? child : new FieldPath(child, inner, false);
  }

  index(position: number): FieldPath {
    return new FieldPath(this, position, false);
  }

  key(key: string): FieldPath {
    return new FieldPath(this, key, true);
  }

  toString(): string {
    const before = this.parent?.toString() ?? '';
    if (this.isKey || typeof this.step === 'number') return `${before}[${this.step}]`;
    return before ? `${before}.${this.step}` : this.step;
  }
}

export function fieldPath(...names: string[]): FieldPath {
  return FieldPath.of(...names);
}
