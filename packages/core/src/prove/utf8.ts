/**
 * Bytes as a text, or null when they are not UTF-8. The percent detour is the one strict decoder that
 * ECMAScript itself has (section 19.2.6.1.1 refuses overlong forms and surrogates); core may not use TextDecoder.
 */
export function fromUtf8(bytes: Uint8Array): string | null {
  let escaped = '';
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return null;
  }
}
