import type { Options, OptionSpecs } from '@binnacle/process-config';

const text = (description: string) =>
  ({ type: 'string', default: '', description }) as const satisfies OptionSpecs[string];

/** Who decides what somebody may do; names and meanings are kube-apiserver's. */
export const authorizationOptions = {
  'authorization-mode': {
    ...text('who decides, in their order: Node, RBAC, Webhook, AlwaysAllow, AlwaysDeny; Node,RBAC if empty'),
    repeatable: true,
  },
  'authorization-webhook-config-file': text('kubeconfig of a webhook that is asked what somebody may do'),
  'authorization-webhook-version': text('of the SubjectAccessReviews it is sent, v1 or v1beta1; v1beta1 if empty'),
  'authorization-webhook-cache-authorized-ttl': text('for how long its yes is believed; 5m if empty'),
  'authorization-webhook-cache-unauthorized-ttl': text('for how long its no is believed; 30s if empty'),
  'authorization-config': text('AuthorizationConfiguration, in place of all that, read anew when it changes'),
} as const satisfies OptionSpecs;

export type AuthorizationSettings = Options<typeof authorizationOptions>;
export type AuthorizationFlag = keyof AuthorizationSettings;

export const FILE = 'authorization-config';
export const MODE = 'authorization-mode';
export const WEBHOOK_FILE = 'authorization-webhook-config-file';
