import { generateKeyPairSync } from 'node:crypto';
import { FakeClock, type Logger, silentLogger } from '@binnacle/machinery-context';
import { readOptions } from '@binnacle/process-config';
import { ServiceAccountTokens, type TokenAuthenticator } from '@binnacle/server-auth';
import { beforeEach, describe, expect, test } from 'vitest';
import { authenticationOf } from './authentication.js';
import { POLL_MILLISECONDS } from '../follow-files.js';
import { oidcConfiguration } from './oidc-flags.js';
import { authenticationOptions } from './options.js';
import { followServiceAccountKeys } from './service-account-keys.js';

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [one, two] = [ec(), ec()];
const secret = (pair: typeof one) => pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const open = (pair: typeof one) => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

let files: Record<string, string>;
let clock: FakeClock;
let errors: string[];
let abort: AbortController;
beforeEach(() => {
  files = { 'sa.key': secret(one), 'sa.pub': open(one) };
  clock = new FakeClock();
  errors = [];
  abort = new AbortController();
});
const logger: Logger = { ...silentLogger, error: (message) => void errors.push(message) };
const ctx = () => ({ clock, logger, signal: abort.signal });
const settings = (...argv: string[]) => readOptions(authenticationOptions, argv, {});
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`no such file: ${path}`);
  return text;
};
const authentication = (...argv: string[]) => authenticationOf(ctx(), settings(...argv), readFile);
/** Until everything that has become due has been done. */
async function pass(milliseconds: number): Promise<void> {
  clock.step(milliseconds);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('flags of an OpenID issuer', () => {
  const OIDC = ['--oidc-issuer-url=https://issuer.example', '--oidc-client-id=me'];
  const configuration = (...more: string[]) => oidcConfiguration(settings(...OIDC, ...more), readFile)?.jwt?.[0];

  test('make a configuration, with names that are nobody else’s', () => {
    expect(
      configuration('--oidc-groups-claim=groups', '--oidc-required-claim=a=b', '--oidc-required-claim=c=d=e'),
    ).toEqual({
      issuer: { url: 'https://issuer.example', audiences: ['me'] },
      claimMappings: {
        username: { claim: 'sub', prefix: 'https://issuer.example#' },
        groups: { claim: 'groups', prefix: '' },
      },
      claimValidationRules: [
        { claim: 'a', requiredValue: 'b' },
        { claim: 'c', requiredValue: 'd=e' },
      ],
    });
  });

  test.each([
    [['--oidc-username-prefix=-'], ''],
    [['--oidc-username-prefix=x:'], 'x:'],
    [['--oidc-username-claim=email'], ''],
  ])('%j put %j before names', (more, prefix) => {
    expect(configuration(...more)?.claimMappings?.username?.prefix).toBe(prefix);
  });

  test('may say nothing', () => expect(oidcConfiguration(settings(), readFile)).toBeUndefined());

  test.each([
    [['--oidc-issuer-url=https://x'], 'must be specified together'],
    [['--oidc-client-id=x'], 'must be specified together'],
    [[...OIDC, '--authentication-config=f'], 'mutually exclusive'],
    [[...OIDC, '--oidc-signing-algs=HS256'], '"HS256" is none of'],
    [[...OIDC, '--oidc-signing-algs=none'], '"none" is none of'],
    [[...OIDC, '--oidc-required-claim=x'], 'must be key=value'],
    [['--oidc-issuer-url=http://x', '--oidc-client-id=x'], 'URL scheme must be https'],
    [['--oidc-issuer-url=https://kubernetes.default.svc.cluster.local', '--oidc-client-id=x'], 'disallowed issuers'],
    [['--requestheader-client-ca-file=sa.pub'], 'holds no certificate'],
    [['--service-account-key-file=none'], 'no such file'],
    [['--service-account-signing-key-file=sa.key', '--service-account-max-token-expiration=60'], 'at least an hour'],
  ])('%j are refused', (argv, message) => expect(() => authentication(...argv)).toThrow(message));
});

describe('a configuration file', () => {
  const text = (rest: string) => `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n${rest}`;
  const unsigned = (issuer: string) =>
    [{ alg: 'RS256' }, { iss: issuer }, {}]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
  const isKnown = async (kinds: readonly TokenAuthenticator[] | undefined, issuer: string) => {
    // Nobody answers at these issuers: a token of one that is believed is refused, of another it is nobody's.
    abort.abort(new Error('over'));
    const answer = async () =>
      kinds?.[0]?.authenticateToken(ctx(), unsigned(issuer), { cluster: 'main', audiences: [] });
    return answer().then(
      () => false,
      () => true,
    );
  };
  const jwt = (url: string) =>
    text(`jwt:\n- issuer: {url: "${url}", audiences: [a]}\n  claimMappings: {username: {claim: sub, prefix: ""}}\n`);

  test('is used when it changes, without a restart; one that is wrong changes nothing', async () => {
    files.f = text('anonymous: {enabled: false}');
    const { anonymous, tokens } = authentication('--authentication-config=f');
    expect(anonymous?.allows('/api')).toBe(false);
    files.f = text('anonymous: {enabled: true, conditions: [{path: /livez}]}');
    await pass(POLL_MILLISECONDS);
    expect([anonymous?.allows('/livez'), anonymous?.allows('/api')]).toEqual([true, false]);
    files.f = text('anonymous: {enabled: 1}');
    await pass(POLL_MILLISECONDS);
    expect(errors).toHaveLength(1);
    delete files.f;
    await pass(POLL_MILLISECONDS);
    expect(anonymous?.allows('/livez')).toBe(true);
    files.f = jwt('https://127.0.0.1:1');
    await pass(POLL_MILLISECONDS);
    expect(anonymous?.allows('/api')).toBe(true);
    expect(await isKnown(tokens, 'https://127.0.0.1:1')).toBe(true);
    expect(await isKnown(tokens, 'https://127.0.0.1:2')).toBe(false);
  });

  test('that is wrong at the start ends it, with what is wrong', () => {
    files.f = jwt('http://x');
    expect(() => authentication('--authentication-config=f')).toThrow(
      'f: jwt[0].issuer.url: Invalid value: "http://x"',
    );
  });
});

describe('keys of service accounts', () => {
  const KEYS = ['--service-account-key-file=sa.pub', '--service-account-signing-key-file=sa.key'];
  const subject = { cluster: 'main', namespace: 'default', serviceAccount: { name: 'a', uid: 'u' } };

  test('and what else is said of tokens are read', () => {
    const { serviceAccountKeys } = authentication(
      ...KEYS,
      '--service-account-issuer=https://a',
      '--service-account-issuer=https://b',
      '--api-audiences=x,y',
      '--service-account-max-token-expiration=7200',
      '--no-service-account-extend-token-expiration',
    );
    expect(new ServiceAccountTokens(serviceAccountKeys ?? { signingKey: '' })).toMatchObject({
      issuer: 'https://a',
      issuers: ['https://a', 'https://b'],
      apiAudiences: ['x', 'y'],
      maxSeconds: 7200,
      extendExpiration: false,
    });
  });

  test('are followed: read at once, signed with a little later', async () => {
    const { serviceAccountKeys } = authentication(...KEYS);
    const tokens = new ServiceAccountTokens(serviceAccountKeys ?? { signingKey: '' });
    void followServiceAccountKeys(ctx(), settings(...KEYS), tokens, readFile);
    const signedBy = async () => {
      const { token } = await tokens.issue(ctx(), subject, { audiences: ['x'], seconds: 600 });
      const [header = ''] = token.split('.');
      return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
    };
    const before = await signedBy();
    files['sa.key'] = secret(two);
    files['sa.pub'] = `${open(two)}\n${open(one)}`;
    await pass(POLL_MILLISECONDS);
    expect(tokens.jsonWebKeys).toHaveLength(2);
    expect(await signedBy()).toBe(before);
    await pass(3 * POLL_MILLISECONDS);
    expect(await signedBy()).not.toBe(before);
    files['sa.pub'] = 'half a file';
    await pass(POLL_MILLISECONDS);
    expect(errors).toHaveLength(1);
    expect(tokens.jsonWebKeys).toHaveLength(2);
  });
});

describe('a webhook for tokens', () => {
  const FLAG = '--authentication-token-webhook';
  const CONFIG = JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k' } }],
    clusters: [{ name: 'k', cluster: { server: 'https://hook.example/tokens' } }],
  });
  const given = (...more: string[]) => {
    files.hook = CONFIG;
    return authentication(`${FLAG}-config-file=hook`, ...more);
  };

  test('is asked after all other kinds', () => {
    expect([authentication().tokens?.length, given().tokens?.length]).toEqual([1, 2]);
  });

  test.each([
    [['-config-file=nowhere'], 'no such file'],
    [['-config-file=empty'], 'the kubeconfig has no context ""'],
    [['-version=v2'], 'must be v1 or v1beta1, not "v2"'],
    [['-cache-ttl=soon'], 'must be a duration such as 2m or 30s, not "soon"'],
    [['-cache-ttl=-1s'], 'must be a duration'],
  ])('%j is refused at once', (more, why) => {
    files.empty = '{}';
    expect(() => given(...more.map((flag) => `${FLAG}${flag}`))).toThrow(why);
  });
});
