import type { ResourceAct } from '../act.js';
import type { AuthorizationAttributes, Decision } from '../authorizer.js';
import { type BoundRights, type Grant, type Grants, grantText } from './bound-rights.js';
import { kindMatches, nameMatches, pathMatches, verbMatches } from './rule-matching.js';

/** Grants of one act, whatever the name; the first that is about all names is the last. */
interface Answer {
  readonly grants: readonly Grant[];
  /** Of each grant, once it has been what allowed something. */
  readonly decisions: (Decision | undefined)[];
  readonly refusal: Decision;
}

/** A caller chooses what is asked: so many answers are kept of one, by so many grants, and none of a question that is longer. */
const MOST_ANSWERS = 2_000;
const MOST_GRANTS = 20_000;
const LONGEST_QUESTION = 1_000;
const NOTHING: Grants = { grants: [], errors: [] };

function refusalOf(errors: readonly string[]): Decision {
  const [first, ...others] = [...new Set(errors)];
  if (first === undefined) return { allowed: false, reason: '' };
  const text = others.length > 0 ? `[${[first, ...others].join(', ')}]` : first;
  return { allowed: false, reason: `RBAC: ${text}` };
}

const allowedBy = (grant: Grant): Decision => ({ allowed: true, reason: grantText(grant) });

function untilAllNames(grants: readonly Grant[]): readonly Grant[] {
  const end = grants.findIndex(({ rule }) => !rule.resourceNames?.length);
  return end < 0 ? grants : grants.slice(0, end + 1);
}

/** Decides for one user in one cluster, while nothing changes there. */
export class UserRights {
  private readonly answers = new Map<string, Answer>();
  /** Of lists and watches across namespaces that are refused. */
  private readonly narrowed = new Map<string, Decision>();
  /** Of all answers that are kept. */
  private keptGrants = 0;

  constructor(readonly bound: BoundRights) {}

  decide({ verb, resource, path = '' }: AuthorizationAttributes): Decision {
    if (!resource) return this.decidePath(verb, path);
    const { grants, decisions, refusal } = this.answer(verb, resource);
    for (let at = 0; at < grants.length; at += 1) {
      if (nameMatches((grants[at] as Grant).rule, resource.name))
        return (decisions[at] ??= allowedBy(grants[at] as Grant));
    }
    return this.refuse(verb, resource, refusal);
  }

  /** Everything that holds in a namespace; what holds in the whole cluster for the empty one. */
  grantsIn(namespace: string): Grants {
    const { wide, byNamespace } = this.bound;
    const narrow = namespace ? (byNamespace.get(namespace)?.() ?? NOTHING) : NOTHING;
    return { grants: [...wide.grants, ...narrow.grants], errors: [...wide.errors, ...narrow.errors] };
  }

  private answer(verb: string, resource: ResourceAct): Answer {
    const { group, resource: plural, subresource, namespace } = resource;
    const key = `${verb} ${group} ${plural} ${subresource} ${namespace}`;
    let answer = this.answers.get(key);
    if (!answer) this.keep(key, (answer = this.find(verb, resource)));
    return answer;
  }

  private keep(key: string, answer: Answer): void {
    if (key.length > LONGEST_QUESTION) return;
    if (this.answers.size >= MOST_ANSWERS || this.keptGrants > MOST_GRANTS) this.forgetAnswers();
    this.answers.set(key, answer);
    this.keptGrants += answer.grants.length;
  }

  private forgetAnswers(): void {
    this.answers.clear();
    this.keptGrants = 0;
  }

  private find(verb: string, resource: ResourceAct): Answer {
    const held = this.grantsIn(resource.namespace);
    const grants = untilAllNames(
      held.grants.filter(({ rule }) => verbMatches(rule, verb) && kindMatches(rule, resource)),
    );
    return { grants, decisions: [], refusal: refusalOf(held.errors) };
  }

  private decidePath(verb: string, path: string): Decision {
    const { grants, errors } = this.bound.wide;
    const grant = grants.find(({ rule }) => verbMatches(rule, verb) && pathMatches(rule, path));
    return grant ? allowedBy(grant) : refusalOf(errors);
  }

  /** Of what is refused across namespaces: where it is allowed. */
  private refuse(verb: string, resource: ResourceAct, refusal: Decision): Decision {
    const asksAcross = resource.namespace === '' && (verb === 'list' || verb === 'watch');
    if (!asksAcross || this.bound.byNamespace.size === 0) return refusal;
    const { group, resource: plural, subresource, name } = resource;
    const key = `${verb} ${group} ${plural} ${subresource} ${name}`;
    let narrowed = this.narrowed.get(key);
    if (!narrowed) this.keepNarrowed(key, (narrowed = this.narrow(verb, resource, refusal)));
    return narrowed;
  }

  /** The same set for all who watch: it is held by each of them. */
  private keepNarrowed(key: string, decision: Decision): void {
    if (key.length > LONGEST_QUESTION) return;
    if (this.narrowed.size >= MOST_ANSWERS) this.narrowed.clear();
    this.narrowed.set(key, decision);
  }

  private narrow(verb: string, resource: ResourceAct, refusal: Decision): Decision {
    const isNamespaces = resource.group === '' && resource.resource === 'namespaces' && resource.subresource === '';
    const namespaces = isNamespaces ? this.readableNamespaces(resource.name) : this.allowing(verb, resource);
    return namespaces.size > 0 ? { ...refusal, namespaces } : refusal;
  }

  private allowing(verb: string, resource: ResourceAct): Set<string> {
    const places = [...this.bound.byNamespace.keys()];
    return new Set(
      places.filter((namespace) => {
        const { grants } = this.answer(verb, { ...resource, namespace });
        return grants.some(({ rule }) => nameMatches(rule, resource.name));
      }),
    );
  }

  /** The Namespaces that may be got one by one; `only` where the list is narrowed to one. */
  private readableNamespaces(only: string): Set<string> {
    const places = only
      ? [only].filter((name) => this.bound.byNamespace.has(name))
      : [...this.bound.byNamespace.keys()];
    const resource = { group: '', version: 'v1', resource: 'namespaces', subresource: '' };
    return new Set(
      places.filter((name) => {
        const { grants } = this.answer('get', { ...resource, namespace: name, name });
        return grants.some(({ rule }) => nameMatches(rule, name));
      }),
    );
  }
}
