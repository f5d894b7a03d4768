/** Why a macro cannot be expanded, and where. */
export class MacroError {
  constructor(
    readonly offset: number,
    readonly message: string,
  ) {}
}
