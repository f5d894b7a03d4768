/** Where a field is in an object, printed as upstream prints it: `spec.containers[0].ports[name=web]`. */
export class FieldPath {
  private constructor(private readonly text: string) {}

  static of(...names: string[]): FieldPath {
    return new FieldPath(names.join('.'));
  }

  /** Every field of every write makes one of these, so it is plain concatenation. */
  child(name: string, ...inner: string[]): FieldPath {
    const text = this.text ? `${this.text}.${name}` : name;
    return new FieldPath(inner.length > 0 ? `${text}.${inner.join('.')}` : text);
  }

  index(position: number): FieldPath {
    return new FieldPath(`${this.text}[${position}]`);
  }

  key(key: string): FieldPath {
    return new FieldPath(`${this.text}[${key}]`);
  }

  toString(): string {
    return this.text;
  }
}

export function fieldPath(...names: string[]): FieldPath {
  return FieldPath.of(...names);
}
