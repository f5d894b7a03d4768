import type { NameCheck } from '@binnacle/machinery-validation';

/** RBAC has room for more; what is printed beside every change has not. */
const LONGEST = 100;
const PERSON = /^[A-Za-z0-9]([A-Za-z0-9._@+-]*[A-Za-z0-9])?$/;
const INVITEE = /^[a-z0-9]([a-z0-9._@+-]*[a-z0-9])?$/;
const RESERVED = /^(system|kube|kubernetes|binnacle|anonymous|root)([^a-z0-9]|$)|^kube-/;

const SHAPE = "must be letters, digits, '.', '_', '@', '+' or '-', and begin and end with a letter or a digit";
const LOWER = SHAPE.replace('letters', 'lower case letters');

function problems(name: string, shape: RegExp, message: string): string[] {
  if (name.length > LONGEST) return [`must be no more than ${LONGEST} characters`];
  return shape.test(name) ? [] : [message];
}

/** What is wrong with the name of a User. It has no `:`, so that it is never one of `system:`. */
export const validatePersonName: NameCheck = (name) => problems(name, PERSON, SHAPE);

/** The same for a name that somebody chooses for themselves: none that differs from another by its case, and none of a program's. */
export function validateInviteeName(name: string): string[] {
  if (RESERVED.test(name)) return ['is reserved'];
  return problems(name, INVITEE, LOWER);
}
