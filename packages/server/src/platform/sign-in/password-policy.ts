import { Problem } from '../problem.ts';

/**
 * What guessers try first among passwords of twelve characters and more, in lower case without what is not a letter
 * or digit. Longer lists belong to services that know leaked passwords; this server asks nobody.
 */
const COMMON = [
  '123456789012',
  '1234567890123',
  '1234567890qwerty',
  '123456789abc',
  '111111111111',
  '000000000000',
  '123123123123',
  '121212121212',
  'abcdefghijkl',
  'abc123456789',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopas',
  'qwertyuiopasdfgh',
  'qwerty123456',
  'asdfghjkl123',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  'zaq12wsxcde3',
  'password1234',
  'password12345',
  'password123456',
  'passwordpassword',
  'passw0rd1234',
  'p0ssw0rd1234',
  'administrator',
  'administrator1',
  'adminadminadmin',
  'admin1234567',
  'admin12345678',
  'letmeinletmein',
  'iloveyou1234',
  'iloveyouiloveyou',
  'welcome12345',
  'welcome123456',
  'changemechangeme',
  'changeme1234',
  'woaini1314520',
  'woaini520131',
  'woaini1234567',
  'a123456789012',
  'aa1234567890',
  'qq1234567890',
];
const PRODUCT = 'backcheck';
/** Shorter names stand in too many words. */
const SHORTEST_NAME = 4;

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Refuses a new password that is common, one character repeated, or mostly the account's own name or address
 * (NIST SP 800-63B-4 section 3.1.1.2). Its length is the contract's.
 */
export function refuseWeakPassword(
  password: string,
  { name, email }: { readonly name: string; readonly email: string | null },
): void {
  const text = plain(password);
  const own = [name, ...(email === null ? [] : [email, ...email.split('@')]), PRODUCT]
    .map(plain)
    .filter((one) => one.length >= SHORTEST_NAME);
  // What is left of it beside such a word must still be as hard as a short password.
  const mostlyOwn = own.some((one) => text.includes(one) && text.length - one.length < 8);
  if (mostlyOwn || COMMON.includes(text) || new Set(text).size < 4) throw new Problem('PASSWORD_WEAK');
}
