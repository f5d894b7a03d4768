import { lateComponent } from '../known/late.js';
import type { TemplateDiffProps } from './template-diff.js';

/** Writes YAML, which the page can do without at first. */
export const LateTemplateDiff = lateComponent<TemplateDiffProps>(() =>
  import('./template-diff.js').then((module) => module.TemplateDiff),
);
