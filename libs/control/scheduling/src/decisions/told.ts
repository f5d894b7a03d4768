const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g;

/** A text as it can be kept: no longer than that, of whole characters, and of one at least. */
export function toldText(text: string, most: number): string {
  return text.slice(0, most).replace(LONE, '') || '-';
}

/** A number as JSON has it. */
export const toldNumber = (value: number | undefined): number =>
  value !== undefined && Number.isFinite(value) ? value : 0;
