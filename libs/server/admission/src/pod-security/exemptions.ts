import type { Policy } from '@binnacle/apis-kubernetes/pod-security';
import { PRIVILEGED_POLICY } from '@binnacle/apis-kubernetes/pod-security';

/** Who is not asked to keep any standard. */
export interface PodSecurityExemptions {
  readonly usernames: readonly string[];
  readonly namespaces: readonly string[];
  readonly runtimeClasses: readonly string[];
}

/** What holds where a namespace's labels do not say, and for whom nothing does. */
export interface PodSecurityConfiguration {
  readonly defaults: Policy;
  readonly exemptions: PodSecurityExemptions;
}

/** As upstream: everything is allowed until a namespace says otherwise. */
export const DEFAULT_POD_SECURITY: PodSecurityConfiguration = {
  defaults: PRIVILEGED_POLICY,
  exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
};
