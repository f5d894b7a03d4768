import { type Structure, type TypedPath, typedPath } from './field-types.js';
import { valuesAt } from './path.js';

/** The values of a row that a filter and a sort look at, in the order of the columns. */
export type Values = readonly (readonly unknown[])[];

/** The paths a page is filtered and sorted by, each read once a row however many conditions name it. */
export class Columns {
  private readonly paths: TypedPath[] = [];
  private readonly known = new Map<string, number>();

  constructor(private readonly structure: Structure) {}

  get count(): number {
    return this.paths.length;
  }

  /** @throws StatusError BadRequest for a path that no object of the kind can have. */
  add(text: string): TypedPath & { readonly column: number } {
    const column = this.known.get(text) ?? this.paths.length;
    const path = this.paths[column] ?? typedPath(this.structure, text);
    this.paths[column] = path;
    this.known.set(text, column);
    return { ...path, column };
  }

  /** What is present in one column of a row. */
  read(object: unknown, column: number): readonly unknown[] {
    const path = this.paths[column];
    return path ? valuesAt(object, path.path).filter((value) => value != null) : [];
  }
}
