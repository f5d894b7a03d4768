// As much of vitest's API as the tests of libs/control use, so that a test can be run again and again in one process.
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const POLLED_FOR = 1_000;

/** Asserts of what a function answers until it holds, as `expect.poll`. */
const poll = (read) =>
  new Proxy(
    {},
    {
      get:
        (_, name) =>
        async (...args) => {
          for (const end = performance.now() + POLLED_FOR; ; await new Promise((resolve) => setTimeout(resolve, 2))) {
            try {
              return chai.expect(await read())[name](...args);
            } catch (error) {
              if (performance.now() > end) throw error;
            }
          }
        },
    },
  );

export const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect, { poll });

/** The suite whose file or `describe` is being read. */
let current;
export const tests = [];

const suite = (parent, name) => ({
  parent,
  name,
  beforeEach: [],
  afterEach: [],
  beforeAll: [],
  afterAll: [],
  begun: false,
});

/** Reads one test file, whose tests are added to `tests`. */
export async function collect(file, load) {
  current = suite(undefined, file);
  await load();
  current = undefined;
}

export function describe(name, body) {
  const parent = current;
  current = suite(parent, name);
  body();
  current = parent;
}

export function test(name, body) {
  tests.push({ name, body, suite: current, file: chainOf(current)[0].name });
}

const row = (item) => (Array.isArray(item) ? item : [item]);
const each = (define) => (table) => (name, body) => {
  for (const [index, item] of table.entries()) define(`${name} #${index}`, () => body(...row(item)));
};
test.each = each(test);
describe.each = each(describe);
test.skipIf = (skip) => (skip ? () => undefined : test);
test.skip = () => undefined;
export const it = test;

const hook = (name) => (body) => void current[name].push(body);
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');

const chainOf = (at) => (at ? [...chainOf(at.parent), at] : []);
const all = async (hooks) => {
  for (const one of hooks) await one();
};

/** Rejects with what the test fails with. */
export async function run({ suite: at, body }) {
  const suites = chainOf(at);
  for (const each of suites) {
    if (each.begun) continue;
    each.begun = true;
    await all(each.beforeAll);
  }
  try {
    for (const each of suites) await all(each.beforeEach);
    await body();
  } finally {
    for (const each of [...suites].reverse()) await all(each.afterEach);
  }
}
