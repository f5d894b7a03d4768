// Before each file of tests: properties are tried on the same values each time, so that the gate says the same of the same commit.
// BINNACLE_SEED=random tries others, BINNACLE_SEED=<number> those of a run that failed.
import fc from 'fast-check';

const STEADY = 20_261_130;
const asked = process.env.BINNACLE_SEED;

if (asked !== 'random') fc.configureGlobal({ seed: asked ? Number(asked) : STEADY });
