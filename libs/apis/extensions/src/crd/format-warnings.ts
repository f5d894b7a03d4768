import { quote } from '@binnacle/machinery-meta';
import { everySchema } from '../schema/children.js';
import { isRecognizedFormat } from '../values/formats.js';
import { type CustomResourceDefinition, schemasOf } from './types.js';

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  return schemasOf(spec).flatMap((root) =>
    [...everySchema(root)].flatMap(({ type, format }) => (format && !isRecognizedFormat(type, format) ? [format] : [])),
  );
}

/** Formats that nothing is held to, as far as they are new. */
export function formatWarnings(next: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const before = new Set(old ? unknownFormats(old) : []);
  return unknownFormats(next)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${quote(format)}`);
}
