// Installs and builds, as `npm start` and `npm test` do before they run anything.
import { build, install, requireNode } from './setup.mjs';

requireNode();
install();
build();
