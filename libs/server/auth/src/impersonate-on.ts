import type { Act } from './act.js';

/** The right to do something as somebody else, by a mode. */
export const impersonateOn = (mode: string, act: Act): Act => ({ ...act, verb: `impersonate-on:${mode}:${act.verb}` });
