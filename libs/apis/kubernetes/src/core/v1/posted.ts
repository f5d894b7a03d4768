import { postedKind } from '../../schemas/posted-kind.js';
import { priority } from './priority.js';

/** The older way to bind a Pod, which is posted and never kept. */
export const corePosted = [postedKind({ group: '', version: 'v1', kind: 'Binding' }, priority, true)];
