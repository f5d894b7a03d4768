import { type FileContent, InMemoryFs } from 'just-bash';

/** What is a device everywhere, or written by the runtime. */
const DEVICES = /^\/dev\//;

type Files = ConstructorParameters<typeof InMemoryFs>[0];
type Options = ConstructorParameters<typeof InMemoryFs>[1];

/** The files of an image, of which none can be changed. */
export class ReadOnlyRoot extends InMemoryFs {
  constructor(files: Files, options: Options) {
    super(files, options);
  }

  override async writeFile(path: string, ...rest: Rest<'writeFile'>): Promise<void> {
    this.refuse(path);
    await super.writeFile(path, ...rest);
  }

  override async appendFile(path: string, ...rest: Rest<'appendFile'>): Promise<void> {
    this.refuse(path);
    await super.appendFile(path, ...rest);
  }

  override async mkdir(path: string): Promise<void> {
    this.refuse(path);
  }

  override async rm(path: string): Promise<void> {
    this.refuse(path);
  }

  override async cp(_: string, target: string): Promise<void> {
    this.refuse(target);
  }

  override async mv(_: string, target: string): Promise<void> {
    this.refuse(target);
  }

  override async chmod(path: string): Promise<void> {
    this.refuse(path);
  }

  override async symlink(_: string, path: string): Promise<void> {
    this.refuse(path);
  }

  override async link(_: string, path: string): Promise<void> {
    this.refuse(path);
  }

  override async utimes(path: string): Promise<void> {
    this.refuse(path);
  }

  private refuse(path: string): void {
    if (DEVICES.test(path)) return;
    throw Object.assign(new Error(`EROFS: read-only file system, open '${path}'`), { code: 'EROFS' });
  }
}

type Rest<M extends 'writeFile' | 'appendFile'> =
  Parameters<InMemoryFs[M]> extends [string, ...infer R] ? R : [FileContent];
