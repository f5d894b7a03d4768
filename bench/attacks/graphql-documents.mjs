// Documents that once stopped the server, or that would stop one that counts less well. Each function answers what is to be
// sent as the JSON body of POST /graphql.

const times = (count, make) => Array.from({ length: count }, (_, at) => make(at)).join(' ');

/** Each fragment spreads the next one twice: 2^n fields in a text of n lines. */
export function nestedFragments(n = 40) {
  const fragments = times(n, (at) => `fragment F${at} on Pod { ...F${at + 1} ...F${at + 1} }`);
  return { query: `{ pods { nodes { ...F0 } } } ${fragments} fragment F${n} on Pod { kind }` };
}

/** The same with a field around each, so that what is inside has to be merged. */
export function nestedFieldFragments(n = 15) {
  const next = (at) => `owners { ...F${at + 1} } o: owners { ...F${at + 1} }`;
  const fragments = times(n, (at) => `fragment F${at} on KubeObject { ${next(at)} }`);
  return { query: `{ pods { nodes { ...F0 } } } ${fragments} fragment F${n} on KubeObject { kind }` };
}

/** Spreads that lead to no field at all. */
export function emptyFragments(n = 150) {
  const fragments = times(n, (at) => `fragment F${at} on Pod { ...F${at + 1} ...F${at + 1} ...F${at + 1} }`);
  return { query: `{ pods { nodes { ...F0 } } } ${fragments}` };
}

export function fragmentCycle(n = 20) {
  const fragments = times(n, (at) => `fragment F${at} on Pod { ...F${(at + 1) % n} }`);
  return { query: `{ pods { nodes { ...F0 } } } ${fragments}` };
}

/** Every pair of them would be compared with everything inside. */
export function overlappingFields(n = 900) {
  return { query: `{ pods { nodes { ${times(n, () => 'metadata { name }')} } } }` };
}

/** Overlapping fields on every level: the pairs multiply. */
export function overlappingLevels(depth = 9, width = 2) {
  const level = (left) => (left === 0 ? 'kind' : times(width, () => `owners { ${level(left - 1)} }`));
  return { query: `{ pods { nodes { ${level(depth)} } } }` };
}

export function aliasesOfRelation(n = 900, field = 'events { message }') {
  return { query: `{ pods(first: 1000) { nodes { ${times(n, (at) => `a${at}: ${field}`)} } } }` };
}

export function aliasesOfEmptyPage(n = 900) {
  const page = (at) => `a${at}: pods(first: 0, filter: { path: "status.phase", equals: "${at}" }) { totalCount }`;
  return { query: `{ ${times(n, page)} }` };
}

/** A whole object many times over: a small tree of a very large answer. */
export function aliasesOfRaw(n = 900) {
  return { query: `{ pods(first: 1000) { nodes { ${times(n, (at) => `a${at}: raw`)} } } }` };
}

export function manyOperands(n = 100_000) {
  const query = 'query ($names: [JSON]) { pods(filter: { path: "metadata.name", in: $names }) { totalCount } }';
  return { query, variables: { names: Array.from({ length: n }, (_, at) => `pod-${at}`) } };
}

/** Few operands, used again and again. */
export function sharedOperands(n = 40, operands = 900) {
  const page = (at) => `a${at}: pods(filter: { path: "metadata.name", in: $names }) { totalCount }`;
  const variables = { names: Array.from({ length: operands }, (_, at) => `pod-${at}`) };
  return { query: `query ($names: [JSON]) { ${times(n, page)} }`, variables };
}

export function sortKeys(n = 2_000) {
  const query = 'query ($sort: [SortKey!]) { pods(sort: $sort) { totalCount } }';
  return { query, variables: { sort: Array.from({ length: n }, () => ({ path: 'metadata.name' })) } };
}

export function directiveFlood(n = 2_000) {
  return { query: `{ whoami ${times(n, () => '@include(if: true)')} }` };
}

/** A filter inside a filter inside a filter. */
export function deepInput(n = 2_000) {
  let filter = { path: 'kind', equals: 'Pod' };
  for (let at = 0; at < n; at += 1) filter = { not: filter };
  return { query: 'query ($filter: Filter) { pods(filter: $filter) { totalCount } }', variables: { filter } };
}

export function deepLiteral(n = 2_000) {
  const value = `${'['.repeat(n)}${']'.repeat(n)}`;
  return { query: `{ pods(filter: { path: "kind", equals: ${value} }) { totalCount } }` };
}

export function deepSelection(n = 4_000) {
  return { query: `${'{ a '.repeat(n)}${'}'.repeat(n)}` };
}

/** The types of the fields of the types of the fields ... */
export function introspectionFlood(n = 5) {
  const types = (left) => (left === 0 ? 'name' : `fields { type { ${types(left - 1)} } }`);
  return { query: `{ __schema { types { ${types(n)} } } }` };
}

/** The whole schema, many times. */
export function introspectionAliases(n = 40) {
  const fields = 'fields { name args { name type { name } } type { name ofType { name } } }';
  const schema = `__schema { types { name inputFields { name type { name } } ${fields} } }`;
  return { query: `{ ${times(n, (at) => `a${at}: ${schema}`)} }` };
}

export function tokenFlood(n = 100_000) {
  return { query: `{ ${times(n, () => 'a')} }` };
}

export function hugeName(n = 3_000_000) {
  return { query: `{ ${'a'.repeat(n)} }` };
}

/** Unknown fields, for each of which something alike would be looked for. */
export function unknownFields(n = 1_900) {
  return { query: `{ ${times(n, (at) => `podz${at}`)} }` };
}

/** Pods of Nodes of Pods of Nodes. */
export function circle(n = 4) {
  const round = (left) => (left === 0 ? 'kind' : `pods { node { ${round(left - 1)} } }`);
  return { query: `{ nodes { nodes { ${round(n)} } } }` };
}

/** Nothing is wrong with it: as much as one may ask for, many times at once. */
export function largePermitted(first = 900) {
  const filter = '{ path: "metadata.name", like: "*" }';
  return {
    query: `{ pods(first: ${first}, filter: ${filter}, sort: [{ path: "status.phase" }, { path: "metadata.name" }]) {
      nodes { metadata { name labels } spec { containers { name image } } status { phase } events { reason message } } } }`,
  };
}

/** All of them, by name, as large as they were found. */
export const DOCUMENTS = {
  nestedFragments,
  nestedFieldFragments,
  emptyFragments,
  fragmentCycle,
  overlappingFields,
  overlappingLevels,
  aliasesOfRelation,
  aliasesOfEmptyPage,
  aliasesOfRaw,
  manyOperands,
  sharedOperands,
  sortKeys,
  directiveFlood,
  deepInput,
  deepLiteral,
  deepSelection,
  introspectionFlood,
  introspectionAliases,
  tokenFlood,
  hugeName,
  unknownFields,
  circle,
};
