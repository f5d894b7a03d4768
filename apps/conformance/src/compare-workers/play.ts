import type { JsonAnswer, RawApi } from '@binnacle/testing-cluster';
import { eventually } from '../eventually.js';
import { address, collection, compared, resourceOf } from './resources.js';
import { at, type Json, type Scenario, type Step } from './scenario.js';

/** How a scenario ended in one cluster, as it was answered. */
export interface Ending {
  readonly objects: readonly Json[];
  readonly events: readonly Json[];
  /** What did not come about, where something did not. */
  readonly stuck?: string;
}

const PATIENCE_SECONDS = 90;
/** Some things are never quiet: what crashes is started again and again. */
const NOISE_SECONDS = 15;
/** What follows from the last step by itself. */
const QUIET_SECONDS = 2;
const MERGE = { 'content-type': 'application/merge-patch+json' };
const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' };

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function accepted(what: string, answer: JsonAnswer): JsonAnswer {
  if (answer.status < 300) return answer;
  throw new Error(`${what} was answered ${answer.status}: ${answer.text.slice(0, 300)}`);
}

/** Plays one scenario in a namespace of its own. */
export class Play {
  constructor(
    private readonly raw: RawApi,
    private readonly namespace: string,
  ) {}

  /** Never rejects for what the workers did or did not do. */
  async run({ steps }: Scenario): Promise<Ending> {
    const metadata = { name: this.namespace };
    accepted(
      'the namespace',
      await this.send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }),
    );
    await this.step({ until: 'serviceaccounts/default', is: () => true });
    let stuck: string | undefined;
    for (const step of steps) {
      stuck = await this.step(step).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      if (stuck !== undefined) break;
    }
    await this.quiet(QUIET_SECONDS);
    return { objects: await this.objects(), events: await this.list('events'), ...(stuck !== undefined && { stuck }) };
  }

  /** Takes away what the scenario made; waits until all of it is gone where others need the room. */
  async clear({ undo = [], alone = false }: Scenario): Promise<void> {
    for (const step of undo) await this.step(step).catch(() => undefined);
    await this.send('DELETE', address(`namespaces/${this.namespace}-more`, ''));
    await this.send('DELETE', address(`namespaces/${this.namespace}`, ''));
    for (const resource of ['persistentvolumes', 'storageclasses.storage.k8s.io']) {
      for (const one of await this.list(resource))
        if (this.isMine(one)) await this.send('DELETE', address(`${resource}/${at(one, 'metadata.name')}`, ''));
    }
    if (alone) await this.step({ untilGone: `namespaces/${this.namespace}` });
  }

  private async step(step: Step): Promise<void> {
    if ('make' in step) for (const one of step.make) await this.make(await this.filled(one));
    else if ('patch' in step) await this.patch(step.patch, await this.filled(step.with), step.subresource);
    else if ('remove' in step) await this.remove(step);
    else if ('evict' in step) await this.evict(step.evict);
    else if ('quietFor' in step) await this.quiet(step.quietFor);
    else if ('seconds' in step) await pause(step.seconds);
    else await this.wait(step);
  }

  private async wait(
    step: Extract<Step, { until: string } | { untilGone: string } | { untilAll: string }>,
  ): Promise<void> {
    if ('untilAll' in step) {
      await eventually(
        `${step.untilAll} are as they should be`,
        async () => step.are(await this.list(step.untilAll)),
        PATIENCE_SECONDS,
      );
      return;
    }
    const target = 'until' in step ? step.until : step.untilGone;
    const get = () => this.send('GET', address(this.named(target), this.namespace));
    if ('untilGone' in step)
      await eventually(`${target} is gone`, async () => (await get()).status === 404, PATIENCE_SECONDS);
    else
      await eventually(
        `${target} is as it should be`,
        async () => {
          const answer = await get();
          return answer.status === 200 && step.is(answer.json as Json);
        },
        PATIENCE_SECONDS,
      );
  }

  private async make(one: Json): Promise<void> {
    const resource = resourceOf(String(one.kind));
    const namespace = String(at(one, 'metadata.namespace') ?? this.namespace);
    accepted(`a ${String(one.kind)}`, await this.send('POST', collection(resource, namespace), one));
  }

  private async patch(target: string, change: Json, subresource?: string): Promise<void> {
    const path = address(this.named(target), this.namespace) + (subresource ? `/${subresource}` : '');
    const headers =
      JSON.stringify(change).includes(':null') || JSON.stringify(change).includes('[]') ? MERGE : STRATEGIC;
    accepted(
      `a patch of ${target}`,
      await this.raw.call(path, { method: 'PATCH', headers, body: JSON.stringify(change) }),
    );
  }

  private async remove({ remove: target, propagation, grace }: Extract<Step, { remove: string }>): Promise<void> {
    const options = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...(propagation && { propagationPolicy: propagation }),
      ...(grace !== undefined && { gracePeriodSeconds: grace }),
    };
    accepted(
      `the removal of ${target}`,
      await this.send('DELETE', address(this.named(target), this.namespace), options),
    );
  }

  private async evict(labelSelector: string): Promise<void> {
    const { json } = await this.send(
      'GET',
      `${collection('pods', this.namespace)}?labelSelector=${encodeURIComponent(labelSelector)}`,
    );
    for (const { metadata } of (json as { items: { metadata: { name: string } }[] }).items) {
      const body = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: metadata.name, namespace: this.namespace },
      };
      await this.send('POST', `${address(`pods/${metadata.name}`, this.namespace)}/eviction`, body);
    }
  }

  private async quiet(seconds: number): Promise<void> {
    const state = async () =>
      (await this.objects()).map((one) => `${at(one, 'metadata.uid')} ${at(one, 'metadata.resourceVersion')}`).join();
    let [last, since, spent] = [await state(), 0, 0];
    while (since < seconds && spent < NOISE_SECONDS + seconds) {
      await pause(1);
      const now = await state();
      since = now === last ? since + 1 : 0;
      spent += 1;
      last = now;
    }
  }

  private async objects(): Promise<Json[]> {
    const lists = await Promise.all(compared.map((resource) => this.list(resource)));
    const shared = await Promise.all(['persistentvolumes', 'namespaces'].map((resource) => this.list(resource)));
    return [...lists.flat(), ...shared.flat().filter((one) => this.isMine(one))];
  }

  private isMine(one: Json): boolean {
    return new RegExp(`^${this.namespace}(-|$)`).test(String(at(one, 'metadata.name')));
  }

  private async list(resource: string): Promise<Json[]> {
    const { json } = accepted(`a list of ${resource}`, await this.send('GET', collection(resource, this.namespace)));
    const { kind, items } = json as { kind: string; items: Json[] };
    return items.map((item) => ({ kind: kind.replace(/List$/, ''), ...item }));
  }

  private async send(method: string, path: string, body?: Json): Promise<JsonAnswer> {
    return await this.raw.call(path, { method, ...(body && { body }) });
  }

  private named(text: string): string {
    return text.replaceAll('{ns}', this.namespace);
  }

  private async filled(value: Json): Promise<Json> {
    let text = this.named(JSON.stringify(value));
    for (const [place, target = ''] of text.matchAll(/\{uid of ([^}]+)\}/g)) {
      const { json } = await this.send('GET', address(target, this.namespace));
      text = text.replace(place, String(at(json, 'metadata.uid')));
    }
    return JSON.parse(text) as Json;
  }
}
