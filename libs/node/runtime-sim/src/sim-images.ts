import { type Context, sleep } from '@binnacle/machinery-context';
import { ImagePullError, type ImageStatus } from '@binnacle/node-cri';
import { type Catalogue, parseImageName } from './catalogue/catalogue.js';
import { within } from './random.js';

const MEGABYTE = 1024 * 1024;

/** The images of one node: present once they were pulled. */
export class SimImages {
  private readonly present = new Map<string, ImageStatus>();
  private readonly pulling = new Map<string, Promise<void>>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly seed: string,
  ) {}

  status(image: string): ImageStatus | undefined {
    return this.present.get(this.canonical(image));
  }

  list(): ImageStatus[] {
    return [...this.present.values()];
  }

  /** Pulls of one image wait for each other; a second pull of a present image only asks the registry. */
  async pull(ctx: Context, image: string): Promise<string> {
    const name = this.canonical(image);
    if (!this.catalogue.exists(image)) {
      const reference = `failed to resolve reference "${name}": ${name}: not found`;
      throw new ImagePullError('ErrImagePull', `failed to pull and unpack image "${name}": ${reference}`);
    }
    if (!this.present.has(name)) {
      const pull = this.pulling.get(name) ?? this.download(ctx, image, name).finally(() => this.pulling.delete(name));
      this.pulling.set(name, pull);
      await pull;
    }
    return name;
  }

  private canonical(image: string): string {
    const name = parseImageName(image);
    if (name) return name.canonical;
    throw new ImagePullError(
      'InvalidImageName',
      `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
    );
  }

  private async download(ctx: Context, image: string, name: string): Promise<void> {
    const { pullMilliseconds, sizeMegabytes } = this.catalogue.behaviour(image);
    await sleep(ctx, within(pullMilliseconds, this.seed, name, 'pull'));
    const sizeBytes = Math.round(within(sizeMegabytes, name, 'size') * MEGABYTE);
    this.present.set(name, { id: name, repoTags: [name], sizeBytes });
  }
}
