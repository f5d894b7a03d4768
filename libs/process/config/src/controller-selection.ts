import { ConfigError } from './options.js';

/** By what a controller is asked for: upstream's name, or an older one of upstream's. */
export interface ControllerNames {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly offByDefault?: boolean;
}

const withoutSign = (word: string) => (word.startsWith('-') ? word.slice(1) : word);

function canonical(known: readonly ControllerNames[]): (word: string) => string {
  const names = new Map(
    known.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => [each, name] as const)),
  );
  return (word) => {
    if (word === '*') return word;
    const name = names.get(withoutSign(word));
    if (name === undefined)
      throw new ConfigError(`--controllers: "${withoutSign(word)}" is not in the list of known controllers`);
    return word.startsWith('-') ? `-${name}` : name;
  };
}

/**
 * Reads `--controllers`: `*` for all that are on by default, `name` for one, `-name` for all but one; the first word about a
 * controller counts. Names of `absent` may be said and start nothing. Throws ConfigError for a name nobody knows. Behaves as
 * kubernetes controller-manager IsControllerEnabled.
 */
export function selectControllers(
  words: string,
  known: readonly ControllerNames[],
  absent: readonly ControllerNames[] = [],
): ReadonlySet<string> {
  const given = words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(canonical([...known, ...absent]));
  const isEnabled = ({ name, offByDefault = false }: ControllerNames) => {
    const said = given.find((word) => withoutSign(word) === name);
    return said === undefined ? given.includes('*') && !offByDefault : said === name;
  };
  return new Set(known.filter(isEnabled).map(({ name }) => name));
}
