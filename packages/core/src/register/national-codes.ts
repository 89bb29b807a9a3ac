const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const USCC = /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

/** The form of a unified social credit code (GB 32100-2015), without its check digit. */
export const isUsccForm = (code: string): boolean => USCC.test(code);

/** GB 32100-2015 section 5: weights are the powers of 3 modulo 31. 31 is prime, so any one wrong character shows. */
export function usccCheckDigit(code: string): string {
  let [sum, weight] = [0, 1];
  for (const character of code.slice(0, 17)) {
    sum += USCC_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return USCC_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** Of GB/T 2260 the form and the province; districts come and go each year. */
export const isRegionCode = (code: string): boolean =>
  /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}$/.test(code);

/** Six digits of the authority and five of its count. */
export const looksLikeFilingNumber = (text: string): boolean => /^\d{6}-?\d{5}$/.test(text);

/** "京ICP备12345678号-1" or "京ICP证030173号"; the letter in front is the province. */
export const looksLikeIcpNumber = (text: string): boolean =>
  /^\p{Script=Han}(ICP|B2-)[备证]?\d{6,10}号?(-\d{1,3})?$/u.test(text);
