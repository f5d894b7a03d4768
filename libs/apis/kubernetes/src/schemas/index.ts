export { builtinKind, builtinSchemas, schemaNames } from './builtin-schemas.js';
