export const IAM_GROUP = 'iam.binnacle.dev';
export const IAM_VERSION = 'v1';
/** The logical cluster in which people, teams and invitations are. It always exists. */
export const ROOT_CLUSTER = 'root';
