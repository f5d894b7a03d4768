import type { Container, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { ImagePullError, type ImageService, type ImageStatus } from '@binnacle/node-cri';
import { BackOff } from '../plan/back-off.js';
import { podUid } from '../pod/identity.js';
import type { ContainerEvents } from '../pod/events.js';
import { StartFailure } from './start-failure.js';

const FIRST_DELAY = 10_000;
const LONGEST_DELAY = 300_000;
/** How long the failure itself is shown, before it is said that the next try waits. */
const SHOWN_MILLISECONDS = 3000;

function policyOf(container: Container): string {
  if (container.imagePullPolicy) return container.imagePullPolicy;
  const image = container.image ?? '';
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return image.includes('@') || (tag && tag !== 'latest') ? 'IfNotPresent' : 'Always';
}

const seconds = (milliseconds: number) =>
  milliseconds < 1000 ? `${milliseconds}ms` : `${(milliseconds / 1000).toFixed(3)}s`;

/** Gets the images containers need. Behaves as kubernetes pkg/kubelet/images. */
export class ImagePuller {
  private readonly backOff = new BackOff(FIRST_DELAY, LONGEST_DELAY);
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly images: ImageService,
    private readonly events: ContainerEvents,
  ) {}

  /** Throws a `StartFailure` that says when to try again. */
  async ensure(ctx: Context, pod: Pod, container: Container): Promise<void> {
    const image = container.image ?? '';
    const policy = policyOf(container);
    const present = await this.inspect(ctx, pod, container);
    if (present && policy !== 'Always') {
      const message = `Container image "${image}" already present on machine and can be accessed by the pod`;
      return this.events.container(pod, container.name, 'Normal', 'Pulled', message);
    }
    if (policy === 'Never') throw this.neverPull(pod, container, image);
    await this.pull(ctx, pod, container, image);
  }

  private async inspect(ctx: Context, pod: Pod, container: Container): Promise<ImageStatus | undefined> {
    try {
      return await this.images.imageStatus(ctx, container.image ?? '');
    } catch (error) {
      if (!(error instanceof ImagePullError)) throw error;
      this.events.container(pod, container.name, 'Warning', 'InspectFailed', error.message);
      this.events.container(pod, container.name, 'Warning', 'Failed', `Error: ${error.reason}`);
      throw new StartFailure(error.reason, error.message);
    }
  }

  private neverPull(pod: Pod, container: Container, image: string): StartFailure {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    this.events.container(pod, container.name, 'Warning', 'ErrImageNeverPull', message);
    return new StartFailure('ErrImageNeverPull', message);
  }

  private async pull(ctx: Context, pod: Pod, container: Container, image: string): Promise<void> {
    const key = `${podUid(pod)}/${image}`;
    const now = ctx.clock.now();
    const until = this.backOff.until(key, this.failures.get(key), now);
    if (until !== undefined && this.failures.has(key)) {
      const message = `Back-off pulling image "${image}"`;
      this.events.container(pod, container.name, 'Normal', 'BackOff', message);
      throw new StartFailure('ImagePullBackOff', message, until);
    }
    this.events.container(pod, container.name, 'Normal', 'Pulling', `Pulling image "${image}"`);
    try {
      await this.images.pullImage(ctx, image);
    } catch (error) {
      throw this.failed(ctx, pod, container, error);
    }
    this.failures.delete(key);
    const size = (await this.images.imageStatus(ctx, image))?.sizeBytes ?? 0;
    const took = seconds(ctx.clock.now() - now);
    const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`;
    this.events.container(pod, container.name, 'Normal', 'Pulled', message);
  }

  private failed(ctx: Context, pod: Pod, container: Container, error: unknown): Error {
    if (ctx.signal.aborted) return error as Error;
    const key = `${podUid(pod)}/${container.image ?? ''}`;
    const now = ctx.clock.now();
    this.backOff.next(key, now);
    this.failures.set(key, now);
    const message = error instanceof Error ? error.message : String(error);
    const reason = error instanceof ImagePullError ? error.reason : 'ErrImagePull';
    this.events.container(
      pod,
      container.name,
      'Warning',
      'Failed',
      `Failed to pull image "${container.image}": ${message}`,
    );
    this.events.container(pod, container.name, 'Warning', 'Failed', `Error: ${reason}`);
    return new StartFailure(reason, message, now + SHOWN_MILLISECONDS);
  }

  forget(pod: Pod): void {
    this.backOff.forget(podUid(pod));
    for (const key of this.failures.keys()) if (key.startsWith(podUid(pod))) this.failures.delete(key);
  }
}
