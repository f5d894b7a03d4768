import type { ResourceDefinition } from '@binnacle/apis-registry';
import { pascalCase } from '@binnacle/apis-schema';
import type { ResourceStore, ResourceStores } from '@binnacle/server-registry';

/** What the fields of a kind are called: one object, and a page of them. */
export interface FieldNames {
  readonly one: string;
  readonly many: string;
}

/** Fields of a query that are no kind's. */
const RESERVED = ['object', 'whoami', 'whoCan', 'reachability', 'me', 'invitationOffer'];

/** `Pod` as `pod`, and `CSIDriver` as `csiDriver`: an abbreviation in front is one word. */
const lowerFirst = (text: string): string => text.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (word) => word.toLowerCase());

/** `cert-manager` as `certManager`. */
const camel = (text: string): string => lowerFirst(pascalCase(text));

/** `EndpointSlice` and `endpointslices` make `endpointSlices`: the plural ending on the kind's own capitals. */
function pluralOf(kind: string, plural: string): string {
  const shared = lowerFirst(kind);
  const root = shared.toLowerCase();
  if (plural.startsWith(root)) return shared + plural.slice(root.length);
  return shared.slice(0, -1) + plural.slice(root.length - 1);
}

function plainNames({ names: { kind, plural } }: ResourceDefinition): FieldNames {
  const one = camel(kind);
  const many = camel(pluralOf(kind, plural));
  // Endpoints is its own plural.
  return { one, many: many === one ? `${many}List` : many };
}

/** Names from the plainest to the one that no other version of any group has. */
function candidates(definition: ResourceDefinition): FieldNames[] {
  const { group, version } = definition;
  const { one, many } = plainNames(definition);
  const head = camel(group.split('.')[0] ?? '');
  const prefixes = [head, head + pascalCase(version), camel(group) + pascalCase(version)].filter(Boolean);
  const prefixed = prefixes.map((prefix) => ({ one: prefix + pascalCase(one), many: prefix + pascalCase(many) }));
  return [{ one, many }, ...prefixed];
}

/** The names of the fields of all kinds; Kubernetes' own stand first, and keep theirs whatever else is called the same. */
export function fieldNames(stores: ResourceStores): Map<ResourceStore, FieldNames> {
  const taken = new Set(RESERVED);
  const chosen = new Map<ResourceStore, FieldNames>();
  for (const store of stores.all()) {
    const names = candidates(store.definition).find(({ one, many }) => !taken.has(one) && !taken.has(many));
    if (!names) continue;
    chosen.set(store, names);
    taken.add(names.one).add(names.many);
  }
  return chosen;
}
