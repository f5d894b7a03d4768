// Before each file of the rings that run whole programs: one context ends dozens of informers and watches, as in a program (run-program.ts).
import { setMaxListeners } from 'node:events';

setMaxListeners(1_000);
