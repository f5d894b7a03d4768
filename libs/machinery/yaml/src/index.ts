export { YamlSyntaxError } from './errors.js';
export { type YamlField, YamlLocator, type YamlStep, type YamlType } from './locate.js';
export { type ParsedYaml, parseYaml } from './read.js';
export {
  ConfigurationError,
  type ConfigurationKind,
  type ConfigurationShape,
  readConfiguration,
} from './strict-configuration.js';
export { formatYaml, type YamlWriteOptions } from './write.js';
