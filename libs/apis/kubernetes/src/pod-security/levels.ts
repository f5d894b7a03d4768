import { type FieldError, fieldPath, invalid } from '@binnacle/machinery-validation';

/** How much a standard lets through, from all of it to very little. */
export type Level = 'privileged' | 'baseline' | 'restricted';

const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];

/** Minor version of Kubernetes whose standards are meant; above all others for the latest. */
export type PolicyVersion = number;

export const LATEST: PolicyVersion = Number.POSITIVE_INFINITY;

export interface LevelVersion {
  readonly level: Level;
  readonly version: PolicyVersion;
}

export type Mode = 'enforce' | 'audit' | 'warn';
export const MODES: readonly Mode[] = ['enforce', 'audit', 'warn'];

/** What a namespace refuses, what it notes in the audit log, and of what it warns. */
export type Policy = Readonly<Record<Mode, LevelVersion>>;

export const POD_SECURITY_PREFIX = 'pod-security.kubernetes.io/';
export const levelLabel = (mode: Mode): string => `${POD_SECURITY_PREFIX}${mode}`;
export const versionLabel = (mode: Mode): string => `${POD_SECURITY_PREFIX}${mode}-version`;

const NOTHING: LevelVersion = { level: 'privileged', version: LATEST };
export const PRIVILEGED_POLICY: Policy = { enforce: NOTHING, audit: NOTHING, warn: NOTHING };

/** What is wrong with the name of a level, where something is. */
export const LEVEL_FAULT = `must be one of ${LEVELS.join(', ')}`;
export const VERSION_FAULT = 'must be "latest" or "v1.x"';

export function parseLevel(text: string): Level | undefined {
  return LEVELS.find((level) => level === text);
}

export function parseVersion(text: string): PolicyVersion | undefined {
  if (text === 'latest') return LATEST;
  const [, minor] = /^v1\.(0|[1-9]\d*)$/.exec(text) ?? [];
  const version = Number(minor ?? Number.NaN);
  return Number.isSafeInteger(version) ? version : undefined;
}

export const formatVersion = (version: PolicyVersion): string => (version === LATEST ? 'latest' : `v1.${version}`);
export const formatLevelVersion = ({ level, version }: LevelVersion): string => `${level}:${formatVersion(version)}`;

export const isSame = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.version === b.version;
export const isStricter = (a: Level, b: Level): boolean => LEVELS.indexOf(a) > LEVELS.indexOf(b);
export const isFullyPrivileged = (policy: Policy): boolean =>
  MODES.every((mode) => policy[mode].level === 'privileged');

const isEquivalent = (a: LevelVersion, b: LevelVersion): boolean =>
  (a.level === 'privileged' && b.level === 'privileged') || isSame(a, b);

/** Whether two policies let the same through: of versions of `privileged` there is one. */
export const areEquivalent = (a: Policy, b: Policy): boolean => MODES.every((mode) => isEquivalent(a[mode], b[mode]));

export interface ReadPolicy {
  readonly policy: Policy;
  readonly errors: readonly FieldError[];
}

type Labels = Readonly<Record<string, string>>;

const LABELS = fieldPath('metadata', 'labels');
/** Where a label says nothing that is known: a namespace stays closed, and tells nobody in vain. */
const WHEN_UNKNOWN: Readonly<Record<Mode, Level>> = { enforce: 'restricted', audit: 'privileged', warn: 'privileged' };

function readMode(labels: Labels, mode: Mode, given: LevelVersion, errors: FieldError[]): LevelVersion {
  let { level, version } = given;
  const [said, saidVersion] = [labels[levelLabel(mode)], labels[versionLabel(mode)]];
  if (said !== undefined) {
    const known = parseLevel(said);
    if (!known) errors.push(invalid(LABELS.key(levelLabel(mode)), said, LEVEL_FAULT));
    level = known ?? WHEN_UNKNOWN[mode];
  }
  if (saidVersion !== undefined) {
    const known = parseVersion(saidVersion);
    if (known === undefined) errors.push(invalid(LABELS.key(versionLabel(mode)), saidVersion, VERSION_FAULT));
    version = known ?? LATEST;
  }
  return { level, version };
}

/** Whoever asks for more to be refused, and says nothing of warnings, is warned of as much. */
function warned(labels: Labels, enforce: LevelVersion, warn: LevelVersion): LevelVersion {
  const isAsked = parseLevel(labels[levelLabel('enforce')] ?? '') !== undefined && !(levelLabel('warn') in labels);
  if (!isAsked || !isStricter(enforce.level, warn.level)) return warn;
  return { level: enforce.level, version: versionLabel('warn') in labels ? warn.version : enforce.version };
}

/**
 * What a namespace's labels ask for, on top of what holds everywhere. There is always a policy, also where labels are wrong.
 * Behaves as kubernetes pod-security-admission api.PolicyToEvaluate.
 */
export function policyOf(labels: Labels | undefined, defaults: Policy): ReadPolicy {
  if (!labels) return { policy: defaults, errors: [] };
  const errors: FieldError[] = [];
  const enforce = readMode(labels, 'enforce', defaults.enforce, errors);
  const audit = readMode(labels, 'audit', defaults.audit, errors);
  const warn = readMode(labels, 'warn', defaults.warn, errors);
  return { policy: { enforce, audit, warn: warned(labels, enforce, warn) }, errors };
}
