import { advanced } from './commands/advanced.js';
import { basic, endings } from './commands/basic.js';
import { deploy } from './commands/deploy.js';
import { lookingAt } from './commands/looking.js';
import { nodesAndEnd } from './commands/nodes.js';
import { reading } from './commands/reading.js';
import { settings } from './commands/settings.js';
import type { Section } from './step.js';

/** What each kubectl does in a namespace of its own. */
export const inNamespaces: readonly Section[] = [
  ...basic,
  ...reading,
  ...deploy,
  ...lookingAt,
  ...advanced,
  ...settings,
  ...endings,
];

/** What moves Pods of other namespaces, once the others are done. */
export const afterwards: readonly Section[] = nodesAndEnd;

export const matrix: readonly Section[] = [...inNamespaces, ...afterwards];
