/** How much of a request is noted, from nothing to its body and its answer's. */
export type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';
export const LEVELS: readonly AuditLevel[] = ['None', 'Metadata', 'Request', 'RequestResponse'];

export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';
export const STAGES: readonly AuditStage[] = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

/** Resources of one group; a star stands for all, before or behind a slash for all of a subresource or of a resource. */
export interface GroupResources {
  readonly group: string;
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

/** What is noted of requests that are as it says; empty lists say nothing. */
export interface AuditRule {
  readonly level: AuditLevel;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly verbs: readonly string[];
  readonly resources: readonly GroupResources[];
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

/** The first rule that fits a request counts. */
export interface AuditPolicy {
  readonly rules: readonly AuditRule[];
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

/** What a request is about, as far as rules ask. */
export interface Asked {
  readonly user: { readonly name: string; readonly groups: readonly string[] };
  readonly verb: string;
  /** Without the logical cluster. */
  readonly path: string;
  readonly resource?: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly subresource: string;
    readonly namespace: string;
    readonly name: string;
  };
}

/** How a request is noted. */
export interface Verdict {
  readonly level: AuditLevel;
  readonly omitStages: ReadonlySet<AuditStage>;
  readonly omitManagedFields: boolean;
}

const says = (list: readonly string[], matches: (one: string) => boolean): boolean =>
  list.length === 0 || list.some(matches);

function isNamed({ resource, subresource }: NonNullable<Asked['resource']>, pattern: string): boolean {
  if (pattern === '*') return true;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  if (pattern === whole) return true;
  if (pattern.startsWith('*/')) return subresource !== '' && pattern === `*/${subresource}`;
  return pattern.endsWith('/*') && pattern === `${resource}/*`;
}

function isResource(rule: AuditRule, asked: NonNullable<Asked['resource']>): boolean {
  if (!says(rule.namespaces, (namespace) => namespace === asked.namespace)) return false;
  if (rule.resources.length === 0) return true;
  return rule.resources.some(({ group, resources, resourceNames }) => {
    if (group !== asked.group) return false;
    if (resources.length === 0) return true;
    return says(resourceNames, (name) => name === asked.name) && resources.some((pattern) => isNamed(asked, pattern));
  });
}

const isPath = (path: string, pattern: string): boolean =>
  pattern === '*' || pattern === path || (pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1)));

function isAbout(rule: AuditRule, { resource, path }: Asked): boolean {
  if (rule.namespaces.length > 0 || rule.resources.length > 0)
    return resource !== undefined && isResource(rule, resource);
  if (rule.nonResourceURLs.length === 0) return true;
  return resource === undefined && rule.nonResourceURLs.some((pattern) => isPath(path, pattern));
}

function fits(rule: AuditRule, asked: Asked): boolean {
  const { name, groups } = asked.user;
  return (
    says(rule.users, (user) => user === name) &&
    says(rule.userGroups, (group) => groups.includes(group)) &&
    says(rule.verbs, (verb) => verb === asked.verb || verb === '*') &&
    isAbout(rule, asked)
  );
}

const NOTHING: Verdict = { level: 'None', omitStages: new Set(STAGES), omitManagedFields: false };

/** Says how requests are noted. Behaves as kubernetes apiserver pkg/audit/policy. */
export class AuditRules {
  private readonly verdicts: ReadonlyMap<AuditRule, Verdict>;

  constructor(private readonly policy: AuditPolicy) {
    this.verdicts = new Map(policy.rules.map((rule) => [rule, this.verdictOf(rule)]));
  }

  of(asked: Asked): Verdict {
    const rule = this.policy.rules.find((one) => fits(one, asked));
    return (rule && this.verdicts.get(rule)) ?? NOTHING;
  }

  private verdictOf({ level, omitStages, omitManagedFields }: AuditRule): Verdict {
    return {
      level,
      omitStages: new Set([...this.policy.omitStages, ...omitStages]),
      omitManagedFields: omitManagedFields ?? this.policy.omitManagedFields,
    };
  }
}
