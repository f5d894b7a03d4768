// A reporter of vitest: notes beside the report what no test caught, which belongs to no test and so stands in no report.
import { writeFileSync } from 'node:fs';

/** Where the errors are told that came beside the report in the file. */
export const unhandledOf = (report) => `${report}.unhandled.json`;

export default class UnhandledErrors {
  onInit(vitest) {
    const { outputFile } = vitest.config;
    this.report = typeof outputFile === 'string' ? outputFile : outputFile?.json;
  }

  onTestRunEnd(_modules, unhandled) {
    if (!this.report || unhandled.length === 0) return;
    const messages = unhandled.map(({ message, stack }) => message || String(stack));
    writeFileSync(unhandledOf(this.report), JSON.stringify(messages));
  }
}
