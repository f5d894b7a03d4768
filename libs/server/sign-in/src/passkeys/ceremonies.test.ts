import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { SoftwareAuthenticator } from '@binnacle/testing-cluster/authenticator';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryOtherSignIns } from '../testing/memory-stores.js';
import { PasskeyCeremonies, type PendingCeremony } from './ceremonies.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const HERE = { origin: 'https://dash.example', relyingParty: 'dash.example' };
const ann = { account: 'ann', uid: 'u-1' };

let stores: ReturnType<typeof memoryOtherSignIns>;
let ceremonies: PasskeyCeremonies;
let device: SoftwareAuthenticator;

beforeEach(() => {
  stores = memoryOtherSignIns();
  ceremonies = new PasskeyCeremonies({ ...stores, handleKey: Buffer.alloc(32, 7) });
  device = new SoftwareAuthenticator();
});

async function registered(person = ann) {
  const { options, pending } = await ceremonies.beginRegistration(ctx, HERE, person, 'Ann');
  const response = device.register(pending, options.user.id);
  return ceremonies.register(ctx, pending, 'laptop', response);
}

const begin = async () => (await ceremonies.beginSignIn(HERE)).pending;
const signIn = (pending: PendingCeremony, response: unknown) => ceremonies.signIn(ctx, pending, response);
const REFUSED = { code: 401 };

describe('a passkey', () => {
  it('signs its owner in, by no name', async () => {
    const { options, pending } = await ceremonies.beginSignIn(HERE);
    expect(options).toMatchObject({ rpId: 'dash.example', userVerification: 'required', allowCredentials: undefined });
    await registered();
    expect(await signIn(pending, device.authenticate(pending))).toMatchObject(ann);
    expect(await stores.passkeys.listOf(ctx, ann)).toMatchObject([{ name: 'laptop', lastUsedAt: clock.now() }]);
  });

  it('is made to be found by itself, with its owner shown, and once on a device', async () => {
    const { id } = await registered();
    const { options } = await ceremonies.beginRegistration(ctx, HERE, ann, 'Ann');
    expect(options.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
    expect(options.excludeCredentials).toMatchObject([{ id }]);
    expect(Buffer.from(options.user.id, 'base64url').toString()).not.toContain('ann');
  });

  it('that was made at another installation is known by what its person was called there', async () => {
    await registered();
    ceremonies = new PasskeyCeremonies({ ...stores, handleKey: Buffer.alloc(32, 8) });
    const pending = await begin();
    expect(await signIn(pending, device.authenticate(pending))).toMatchObject(ann);
    const [passkey] = await stores.passkeys.listOf(ctx, ann);
    await stores.passkeys.removeOf(ctx, ann);
    if (passkey) await stores.passkeys.add(ctx, { ...passkey, handle: undefined }, 20);
    const next = await begin();
    await expect(signIn(next, device.authenticate(next))).rejects.toMatchObject(REFUSED);
  });

  it('is one of twenty at most', async () => {
    for (let time = 0; time < 20; time += 1) await registered();
    await expect(registered()).rejects.toMatchObject({ code: 403 });
    await registered({ account: 'ann', uid: 'u-2' });
  });
});

describe('a registration is refused', () => {
  const register = async (change: Partial<PendingCeremony>, faults = {}) => {
    const { options, pending } = await ceremonies.beginRegistration(ctx, HERE, ann, 'Ann');
    return ceremonies.register(ctx, pending, 'x', device.register({ ...pending, ...change }, options.user.id, faults));
  };

  it.each<[string, Partial<PendingCeremony>, object]>([
    ['from another page', { origin: 'https://evil.example' }, {}],
    ['for another host', { relyingParty: 'evil.example' }, {}],
    ['with another challenge', { challenge: 'AAAA' }, {}],
    ['without its owner', {}, { verified: false }],
    ['within another page', {}, { clientData: { crossOrigin: true } }],
  ])('%s', async (_what, change, faults) => {
    await expect(register(change, faults)).rejects.toMatchObject({ code: 400 });
  });

  it('when it is shown a second time', async () => {
    const { options, pending } = await ceremonies.beginRegistration(ctx, HERE, ann, 'Ann');
    const response = device.register(pending, options.user.id);
    await ceremonies.register(ctx, pending, 'x', response);
    await expect(ceremonies.register(ctx, pending, 'x', response)).rejects.toMatchObject({ code: 400 });
  });

  it.each([undefined, null, {}, 'text', { id: 'a', rawId: 'a', type: 'public-key', response: {} }])(
    'when it is none: %j',
    async (response) => {
      const { pending } = await ceremonies.beginRegistration(ctx, HERE, ann, 'Ann');
      await expect(ceremonies.register(ctx, pending, 'x', response)).rejects.toMatchObject({ code: 400 });
    },
  );
});

describe('a sign-in is refused', () => {
  it.each<[string, Partial<PendingCeremony>, object]>([
    ['from another page', { origin: 'https://evil.example' }, {}],
    ['from another port', { origin: 'https://dash.example:8443' }, {}],
    ['for another host', { relyingParty: 'evil.example' }, {}],
    ['with the challenge of another browser', { challenge: 'AAAA' }, {}],
    ['without its owner', {}, { verified: false }],
    ['within another page', {}, { clientData: { crossOrigin: true } }],
  ])('%s', async (_what, change, faults) => {
    await registered();
    const pending = await begin();
    await expect(signIn(pending, device.authenticate({ ...pending, ...change }, faults))).rejects.toMatchObject(
      REFUSED,
    );
  });

  it('when it is shown a second time', async () => {
    await registered();
    const pending = await begin();
    const response = device.authenticate(pending);
    await signIn(pending, response);
    await expect(signIn(pending, response)).rejects.toMatchObject(REFUSED);
  });

  it('once its counter has gone back, and from then on', async () => {
    await registered();
    const pending = await begin();
    await signIn(pending, device.authenticate(pending, { counter: 10 }));
    const copied = await begin();
    await expect(signIn(copied, device.authenticate(copied, { counter: 10 }))).rejects.toMatchObject(REFUSED);
    expect(await stores.passkeys.listOf(ctx, ann)).toMatchObject([{ suspect: true }]);
    const later = await begin();
    await expect(signIn(later, device.authenticate(later, { counter: 99 }))).rejects.toMatchObject(REFUSED);
  });

  it('with a wrong signature, which makes no passkey suspect', async () => {
    await registered();
    const pending = await begin();
    const response = device.authenticate(pending, { counter: 0 });
    const forged = { ...response, response: { ...response.response, signature: 'MAYCAQECAQE' } };
    await expect(signIn(pending, forged)).rejects.toMatchObject(REFUSED);
    expect(await stores.passkeys.listOf(ctx, ann)).toMatchObject([{ suspect: false }]);
  });

  it('of a passkey that is bound to another host of ours', async () => {
    await registered();
    const { pending } = await ceremonies.beginSignIn({ origin: 'http://localhost:7080', relyingParty: 'localhost' });
    await expect(signIn(pending, device.authenticate(pending))).rejects.toMatchObject(REFUSED);
  });

  it('with somebody else’s handle', async () => {
    await registered();
    const pending = await begin();
    const response = device.authenticate(pending);
    const other = { ...response, response: { ...response.response, userHandle: 'AAAA' } };
    await expect(signIn(pending, other)).rejects.toMatchObject(REFUSED);
  });

  it.each([undefined, null, {}, { id: 7 }, { id: 'unknown' }])('when it is none: %j', async (response) => {
    await expect(signIn(await begin(), response)).rejects.toMatchObject(REFUSED);
  });

  it('of which the passkey has been removed', async () => {
    const { id } = await registered();
    expect(await stores.passkeys.removeOf(ctx, { account: 'eve', uid: 'u-9' }, id)).toBe(0);
    expect(await stores.passkeys.removeOf(ctx, ann, id)).toBe(1);
    const pending = await begin();
    await expect(signIn(pending, device.authenticate(pending))).rejects.toMatchObject(REFUSED);
  });
});
