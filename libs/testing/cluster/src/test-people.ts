import { RawApi, type RawAnswer } from './raw-api.js';
import type { TestApiServer } from './test-api-server.js';

const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
const CSRF = { 'x-binnacle-csrf': '1' };

type Call = NonNullable<Parameters<RawApi['call']>[1]>;

/** The cookies that an answer sets, as they are sent back. */
export const cookieOf = ({ headers }: Pick<RawAnswer, 'headers'>): string =>
  (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');

/** Somebody who is signed in. */
export interface TestPerson {
  readonly name: string;
  readonly cookie: string;
}

/** People of a server, made by its administrator, and what they ask from a browser. */
export class TestPeople {
  /** What everybody's password is who has chosen one. */
  readonly password = 'a sentence nobody guesses';
  /** Somebody without a certificate. */
  readonly nobody: RawApi;
  private made = 0;

  constructor(private readonly server: TestApiServer) {
    this.nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  }

  close(): void {
    this.nobody.close();
  }

  newName(of: string): string {
    this.made += 1;
    return `${of}-${this.made}`;
  }

  /** `kind`: User, Team, Invitation or IdentityProvider. */
  create(kind: string, name: string, spec: object = {}, api = this.server.raw) {
    const body = { apiVersion: 'iam.binnacle.dev/v1', kind, metadata: { name }, spec };
    return api.call(`${IAM}/${kind.toLowerCase()}s`, { method: 'POST', body });
  }

  login(user: string, password: string, headers: Call['headers'] = {}) {
    return this.nobody.call('/auth/login', { method: 'POST', body: { user, password }, headers });
  }

  /** What a browser asks in which somebody is signed in. */
  as(cookie: string, path: string, { headers, ...call }: Call = {}) {
    return this.nobody.call(path, { ...call, headers: { cookie, ...CSRF, ...headers } });
  }

  /** Somebody who has chosen their password. */
  async person(name = this.newName('person')): Promise<TestPerson> {
    await this.create('User', name);
    const { json } = await this.server.raw.call(`${IAM}/users/${name}/password`, { method: 'POST', body: {} });
    const cookie = cookieOf(await this.login(name, json.password));
    const body = { password: json.password, newPassword: this.password };
    return { name, cookie: cookieOf(await this.as(cookie, '/auth/password', { method: 'POST', body })) };
  }

  /** A group that may do everything with people, and whose members are no administrators. */
  async registrars(): Promise<RawApi> {
    const rbac = '/clusters/root/apis/rbac.authorization.k8s.io/v1';
    const group = 'rbac.authorization.k8s.io';
    const metadata = { name: 'registrars' };
    const rules = [{ apiGroups: ['iam.binnacle.dev'], resources: ['*', '*/*'], verbs: ['*'] }];
    const subjects = [{ kind: 'Group', apiGroup: group, name: 'registrars' }];
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name: 'registrars' };
    const post = (plural: string, body: object) => this.server.raw.call(`${rbac}/${plural}`, { method: 'POST', body });
    await post('clusterroles', { metadata, rules });
    await post('clusterrolebindings', { metadata, subjects, roleRef });
    return new RawApi(await this.server.configFor('registrar', ['registrars']));
  }
}
