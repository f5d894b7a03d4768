import { ADDRESSES } from './addresses.js';
import { AUTHORIZATION } from './authorizer.js';
import { CONVERSIONS } from './conversions.js';
import { NAMED_FORMATS } from './formats.js';
import { LISTS, SETS } from './lists.js';
import { OPERATORS } from './operators.js';
import { OPTIONALS } from './optionals.js';
import type { Overload } from './overload.js';
import { QUANTITIES } from './quantities.js';
import { REGEX } from './regex.js';
import { SEMVERS } from './semvers.js';
import { STRINGS } from './strings.js';
import { TIMES } from './times.js';
import { URLS } from './urls.js';

const LIBRARIES: readonly (readonly Overload[])[] = [
  OPERATORS,
  CONVERSIONS,
  LISTS,
  STRINGS,
  SETS,
  OPTIONALS,
  TIMES,
  REGEX,
  URLS,
  ADDRESSES,
  QUANTITIES,
  SEMVERS,
  NAMED_FORMATS,
  AUTHORIZATION,
];

function byName(overloads: readonly Overload[]): Map<string, Overload[]> {
  const functions = new Map<string, Overload[]>();
  for (const overload of overloads) functions.set(overload.name, [...(functions.get(overload.name) ?? []), overload]);
  return functions;
}

/** All the functions of a Kubernetes 1.36 environment by their names. */
export const FUNCTIONS: ReadonlyMap<string, readonly Overload[]> = byName(LIBRARIES.flat());

export { AUTHORIZER_TYPE, RESOURCE_CHECK_TYPE } from './authorizer.js';
export { Format } from './formats.js';
export { CLAUSE_RULES, eachClause } from './format-string.js';
export type { Overload } from './overload.js';
export { toQuantity } from './quantities.js';
export { compilePattern } from './regex.js';
export { toSemver } from './semvers.js';
