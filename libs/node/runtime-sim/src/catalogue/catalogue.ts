import { anyOtherImage, images } from './images.js';
import type { ImageBehaviour } from './types.js';

export interface ImageName {
  /** Without tag and digest. */
  readonly repository: string;
  readonly tag: string;
  /** As a registry would be asked for it. */
  readonly canonical: string;
}

const PART = String.raw`[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`;
const HOST = String.raw`(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*(?::\d+)?\/)?`;
const REFERENCE = new RegExp(
  String.raw`^(?<repository>${HOST}${PART}(?:\/${PART})*)(?::(?<tag>[A-Za-z0-9_][\w.-]{0,127}))?(?<digest>@sha256:[a-f0-9]{64})?$`,
);

function canonicalRepository(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  if (rest.length === 0) return `docker.io/library/${repository}`;
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return isHost ? repository : `docker.io/${repository}`;
}

/** Takes an image's name apart; undefined for what is none. */
export function parseImageName(image: string): ImageName | undefined {
  const parts = REFERENCE.exec(image)?.groups;
  if (!parts?.repository) return undefined;
  const { repository, digest } = parts;
  const tag = parts.tag ?? (digest ? '' : 'latest');
  return { repository, tag, canonical: `${canonicalRepository(repository)}${tag && `:${tag}`}${digest ?? ''}` };
}

/** Whoever tries what a rollout does that cannot go on names a tag that nobody publishes. */
const UNPUBLISHED = /non-?existent|no-such|not-exist|not-found|missing/;

/** Finds out how images behave. */
export class Catalogue {
  private readonly known = new Map<string, ImageBehaviour>();

  constructor(entries: readonly ImageBehaviour[] = images) {
    for (const entry of [...entries].reverse()) for (const image of entry.images) this.known.set(image, entry);
  }

  behaviour(image: string): ImageBehaviour {
    const repository = parseImageName(image)?.repository ?? image;
    const last = repository.slice(repository.lastIndexOf('/') + 1);
    return this.known.get(repository) ?? this.known.get(last) ?? anyOtherImage;
  }

  /** Whether a registry has it. */
  exists(image: string): boolean {
    const { missing, tags } = this.behaviour(image);
    const tag = parseImageName(image)?.tag ?? '';
    return !missing && !UNPUBLISHED.test(tag) && (!tags || tag === '' || new RegExp(tags).test(tag));
  }
}
