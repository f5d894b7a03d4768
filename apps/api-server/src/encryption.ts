import type { Context } from '@binnacle/machinery-context';
import { parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import {
  type EncryptionConfiguration,
  EncryptedStorage,
  readEncryptionConfiguration,
  Sealer,
} from '@binnacle/server-encryption';
import type { Storage } from '@binnacle/server-storage';
import type { ApiServerSettings } from './options.js';

type Settings = Pick<ApiServerSettings, 'encryption-provider-config' | 'encryption-provider-config-automatic-reload'>;
type ReadFile = (path: string) => string;

/** How long a change of the file may stay unnoticed, and how seldom it is looked at for a key that is not known. */
const RELOAD_MILLISECONDS = 10_000;
const AGAIN_MILLISECONDS = 1_000;

/** Reads an EncryptionConfiguration. Throws a ConfigError that says what is wrong, without a key in it. */
export function encryptionIn(file: string, readFile: ReadFile): EncryptionConfiguration {
  let value: unknown;
  try {
    ({ value } = parseYaml(readFile(file)));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ConfigError(`--encryption-provider-config ${file} cannot be read${code ? ` (${code})` : ' as YAML'}`);
  }
  const read = readEncryptionConfiguration(value);
  if (!read.errors) return read.configuration;
  const faults = read.errors.map(({ field, message }) => `${field}: ${message}`);
  throw new ConfigError(`--encryption-provider-config ${file}: ${faults.join('; ')}`);
}

/** A file that is looked at again: what is wrong with it later leaves what was right before. */
class ReloadedFile {
  private looked: number;
  private text: string;

  constructor(
    private readonly ctx: Context,
    private readonly file: string,
    private readonly readFile: ReadFile,
  ) {
    this.looked = ctx.clock.now();
    this.text = readFile(file);
  }

  /** Another configuration, where there is one by now. */
  look(): EncryptionConfiguration | undefined {
    const now = this.ctx.clock.now();
    if (now - this.looked < AGAIN_MILLISECONDS) return undefined;
    this.looked = now;
    try {
      const text = this.readFile(this.file);
      if (text === this.text) return undefined;
      const configuration = encryptionIn(this.file, () => text);
      this.text = text;
      return configuration;
    } catch (error) {
      this.ctx.logger.error('the encryption configuration stays as it was', { error: (error as Error).message });
      return undefined;
    }
  }

  keepLooking(use: (configuration: EncryptionConfiguration) => void): void {
    if (this.ctx.signal.aborted) return;
    this.ctx.clock.after(RELOAD_MILLISECONDS, () => {
      const configuration = this.look();
      if (configuration) use(configuration);
      this.keepLooking(use);
    });
  }
}

/** The store, which holds sealed what its configuration says; as it is without one. */
export function encrypted(ctx: Context, storage: Storage, settings: Settings, readFile: ReadFile): Storage {
  const file = settings['encryption-provider-config'];
  if (!file) return storage;
  const configuration = encryptionIn(file, readFile);
  if (!settings['encryption-provider-config-automatic-reload'])
    return new EncryptedStorage(storage, new Sealer(configuration));
  const reloaded = new ReloadedFile(ctx, file, readFile);
  const sealer = new Sealer(configuration, () => reloaded.look());
  reloaded.keepLooking((next) => sealer.replace(next));
  return new EncryptedStorage(storage, sealer);
}
