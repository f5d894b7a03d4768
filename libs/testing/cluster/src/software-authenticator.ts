import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What a page is, and what it asks. */
export interface CeremonyAsked {
  readonly challenge: string;
  readonly origin: string;
  /** The host name it says the passkey is for. */
  readonly relyingParty: string;
}

/** What an authenticator does unlike one that works. */
export interface AuthenticatorFaults {
  readonly counter?: number;
  /** Whether somebody showed that they are its owner. */
  readonly verified?: boolean;
  /** What the browser adds to what it says of the page. */
  readonly clientData?: Record<string, unknown>;
}

interface Credential {
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly x: Buffer;
  readonly y: Buffer;
  readonly userHandle: string;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;
const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const encoded = (bytes: Buffer): string => bytes.toString('base64url');
/** CBOR, as little of it as is wanted: short texts, and 24 to 255 bytes. */
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer => Buffer.concat([Buffer.from([0x58, value.length]), value]);

/** An ES256 key as COSE has it. */
const coseKey = ({ x, y }: Pick<Credential, 'x' | 'y'>): Buffer =>
  Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    bytes(x),
    Buffer.from([0x22]),
    bytes(y),
  ]);

const clientDataOf = (type: string, { challenge, origin }: CeremonyAsked, more = {}): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false, ...more }));

/** A security key made of software, and the browser it is plugged into, for tests. */
export class SoftwareAuthenticator {
  private readonly credentials: Credential[] = [];
  private counter = 0;

  /** Makes a passkey; answers a RegistrationResponseJSON. */
  register(asked: CeremonyAsked, userHandle: string, faults: AuthenticatorFaults = {}) {
    const { publicKey, privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
    const credential = { id: randomBytes(32), key, ...point, userHandle };
    this.credentials.push(credential);
    const { id } = credential;
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(credential)]);
    const authData = Buffer.concat([this.head(asked, ATTESTED, faults), attested]);
    const attestation = [
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(authData),
    ];
    return {
      id: encoded(id),
      rawId: encoded(id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: encoded(clientDataOf('webauthn.create', asked, faults.clientData)),
        attestationObject: encoded(Buffer.concat([Buffer.from([0xa3]), ...attestation])),
        transports: ['internal'],
      },
    };
  }

  /** Signs with the newest passkey; answers an AuthenticationResponseJSON. */
  authenticate(asked: CeremonyAsked, faults: AuthenticatorFaults = {}) {
    const credential = this.credentials.at(-1);
    if (!credential) throw new Error('there is no passkey');
    const authData = this.head(asked, 0, faults);
    const clientData = clientDataOf('webauthn.get', asked, faults.clientData);
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientData)]), credential.key);
    return {
      id: encoded(credential.id),
      rawId: encoded(credential.id),
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: encoded(clientData),
        authenticatorData: encoded(authData),
        signature: encoded(signature),
        userHandle: credential.userHandle,
      },
    };
  }

  private head({ relyingParty }: CeremonyAsked, flags: number, faults: AuthenticatorFaults): Buffer {
    this.counter += 1;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(faults.counter ?? this.counter);
    const all = flags | PRESENT | (faults.verified === false ? 0 : VERIFIED);
    return Buffer.concat([sha256(relyingParty), Buffer.from([all]), counter]);
  }
}
