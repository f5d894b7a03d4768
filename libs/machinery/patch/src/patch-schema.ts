/** What a strategic merge patch must know of a field: how its list or object is merged, and of what it is made. */
export interface PatchField {
  /** The member that tells the elements of a list of objects apart. */
  readonly mergeKey?: string | undefined;
  readonly strategies: readonly string[];
  /** Of the object itself or of the elements of its list; absent for scalars and free-form objects. */
  readonly schema?: PatchSchema | undefined;
}

export interface PatchSchema {
  readonly name: string;
  field(name: string): PatchField | undefined;
}

const ATOMIC: PatchField = { strategies: [] };

/** A field the schema does not know is merged as an object or replaced as a list. */
export function patchField(schema: PatchSchema | undefined, name: string): PatchField {
  return schema?.field(name) ?? ATOMIC;
}

export const mergesList = (field: PatchField): boolean => field.strategies.includes('merge');
export const replacesObject = (field: PatchField): boolean => field.strategies.includes('replace');
