import { descriptionLoaders, usualDescriptions } from './generated/index.js';
import type { Descriptions } from '@binnacle/apis-schema';

const loaded = new Map<string, Promise<ReadonlyMap<string, string>>>();

async function readPackage(packageName: string): Promise<ReadonlyMap<string, string>> {
  const module = await descriptionLoaders[packageName]?.();
  const lines = module?.descriptions.split('\n') ?? [];
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      return [`${packageName}.${line.slice(0, tab)}`, line.slice(tab + 1).replaceAll('\\n', '\n')];
    }),
  );
}

function packageTexts(packageName: string): Promise<ReadonlyMap<string, string>> {
  let texts = loaded.get(packageName);
  if (!texts) {
    texts = readPackage(packageName);
    loaded.set(packageName, texts);
  }
  return texts;
}

/** Loads the descriptions of the packages the definitions are in; they stay out of memory until then. */
export async function loadDescriptions(definitions: readonly string[]): Promise<Descriptions> {
  const packages = [...new Set(definitions.map((name) => name.slice(0, name.lastIndexOf('.'))))];
  const texts = new Map((await Promise.all(packages.map(packageTexts))).flatMap((map) => [...map]));
  return {
    of: (definition, field) =>
      field === undefined ? texts.get(definition) : (texts.get(`${definition}.${field}`) ?? usualDescriptions[field]),
  };
}
