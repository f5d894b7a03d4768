import type { ApplyType } from './apply-type.js';
import { assemble, isListType, type Part, partsOf } from './parts.js';

const byElement = (parts: readonly Part[]): Map<string, Part> => new Map(parts.map((part) => [part.element, part]));

function mergedPart(live: Part | undefined, config: Part): Part {
  return live ? { ...config, value: mergeValues(live.value, config.value, config.type) } : config;
}

/** Elements stand in the order of the configuration; those only the server has keep their place before the next shared one. */
function mergeLists(live: readonly Part[], config: readonly Part[]): Part[] {
  const liveParts = byElement(live);
  const configParts = byElement(config);
  const result: Part[] = [];
  let position = 0;
  const takeServersOwn = (): void => {
    for (; position < live.length; position += 1) {
      const part = live[position];
      if (part === undefined || configParts.has(part.element)) return;
      result.push(part);
    }
  };
  for (const part of configParts.values()) {
    takeServersOwn();
    result.push(mergedPart(liveParts.get(part.element), part));
    if (live[position]?.element === part.element) position += 1;
  }
  const taken = new Set(result.map(({ element }) => element));
  return [...result, ...live.filter(({ element }) => !taken.has(element))];
}

function mergeMembers(live: readonly Part[], config: readonly Part[]): Part[] {
  const configParts = byElement(config);
  const known = new Set(live.map(({ element }) => element));
  const kept = live.map((part) => {
    const wanted = configParts.get(part.element);
    return wanted ? mergedPart(part, wanted) : part;
  });
  return [...kept, ...config.filter(({ element }) => !known.has(element))];
}

/** The live value with what the configuration says put over it. */
export function mergeValues(live: unknown, config: unknown, type: ApplyType): unknown {
  const [liveParts, configParts] = [partsOf(live, type), partsOf(config, type)];
  if (!liveParts || !configParts) return config;
  return assemble(isListType(type) ? mergeLists(liveParts, configParts) : mergeMembers(liveParts, configParts), type);
}
