import {
  areEquivalent,
  formatLevelVersion,
  isFullyPrivileged,
  levelLabel,
  MODES,
  type Policy,
  versionLabel,
} from '@binnacle/apis-kubernetes/pod-security';
import { quote } from '@binnacle/machinery-meta';

/** What is said to who asks for a standard where none holds; nothing where they ask for nothing. */
export function exemptWarning(
  name: string,
  policy: Policy,
  labels: Readonly<Record<string, string>>,
  defaults: Policy,
): string | undefined {
  if (isFullyPrivileged(policy) || areEquivalent(policy, defaults)) return undefined;
  const said = MODES.filter((mode) => levelLabel(mode) in labels || versionLabel(mode) in labels);
  const asked = said
    .filter((mode) => policy[mode].level !== 'privileged')
    .map((mode) => `${mode}=${formatLevelVersion(policy[mode])}`);
  const ignored = `the policy (${asked.join(', ')}) will be ignored`;
  return `namespace ${quote(name)} is exempt from Pod Security, and ${ignored}`;
}
