import * as beforeAuthentication from './before-authentication.mjs';
import * as editors from './editors.mjs';
import * as graphql from './graphql.mjs';
import * as noRights from './no-rights.mjs';
import * as rawStreams from './raw-streams.mjs';
import * as viewers from './viewers.mjs';

/** What any other use of a core costs the neighbour: the measure for all that follow. */
const measure = {
  identity: 'anonymous',
  attacks: {
    '(a core kept busy, no request)': async (attack) => {
      while (attack.goOn()) {
        for (const end = performance.now() + 50; performance.now() < end; );
        await attack.pause(0);
      }
    },
  },
};

/** Every attack: its name, who makes it, and how. */
export const catalogue = [measure, beforeAuthentication, rawStreams, noRights, graphql, viewers, editors].flatMap(
  ({ identity, attacks }) => Object.entries(attacks).map(([name, run]) => ({ name, identity, run })),
);
