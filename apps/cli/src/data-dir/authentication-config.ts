import type { DataDir } from './layout.js';
import { writeOnce } from './write-file.js';

/** Nobody besides; how somebody is believed is the operator's to say. */
const NO_OTHER_ISSUERS = `# Whose tokens the API believes beside its own; docs/authentication.md says how to name an OpenID Connect provider.
# Yours to edit: it is written once, and a change holds within seconds, without a restart.
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt: []
`;

/** Writes the configuration of a new installation; one that is there stays as it is. */
export function prepareAuthentication({ authentication }: Pick<DataDir, 'authentication'>): void {
  writeOnce(authentication, NO_OTHER_ISSUERS);
}
