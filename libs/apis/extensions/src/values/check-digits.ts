const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;

const digitsOf = (text: string): number[] => [...text].map((digit) => (digit === 'X' ? 10 : Number(digit)));

/** The sum of products with factors that repeat, first digit first. */
function weighted(digits: readonly number[], factor: (index: number) => number): number {
  return digits.reduce((sum, digit, index) => sum + digit * factor(index), 0);
}

const withoutSpace = (text: string): string => text.replace(/[\s-]/g, '');

export function isIsbn10(text: string): boolean {
  const number = withoutSpace(text);
  return /^(?:[0-9]{9}X|[0-9]{10})$/.test(number) && weighted(digitsOf(number), (index) => index + 1) % 11 === 0;
}

export function isIsbn13(text: string): boolean {
  const number = withoutSpace(text);
  return /^[0-9]{13}$/.test(number) && weighted(digitsOf(number), (index) => (index % 2 === 0 ? 1 : 3)) % 10 === 0;
}

/** Luhn's sum over the digits, whatever stands between them. */
export function isCreditCard(text: string): boolean {
  const number = text.replace(/[^0-9]+/g, '');
  if (!CARD.test(number)) return false;
  const doubled = digitsOf(number)
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2));
  return doubled.reduce((sum, digit) => sum + digit, 0) % 10 === 0;
}
