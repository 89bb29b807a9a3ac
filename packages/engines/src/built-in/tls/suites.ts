/**
 * Cipher suites of the IANA registry "TLS Cipher Suites" (with the drafts that servers shipped: 0x0060-0x0066,
 * 0xcc13-0xcc15, and those above 0xfe00), as ranges of hexadecimal codes.
 */

/** Defined for SSL 3.0 to TLS 1.1 (RFC 6101, 2246, 4346 and those that add to them), or accepted there by servers all the same. */
export const LEGACY_SUITES = suites(
  '0001-003a 0041-005c 0060-0066 0072-0074 0077-0079 007c-007e 0080-009b 00ae-00b9 c001-c022 c033-c03b c064-c071 c094-c09b fefe-feff ff87 ffe0-ffe1',
);

/** What nearly every server with TLS 1.2 has: asked first, so that one connection is enough in most cases. */
const COMMON = suites(
  'c02b-c030 cca8-ccaa 009c-009f c023-c028 c009-c00a c013-c014 002f 0033 0035 0039 003c-003d 0067 006b 000a 0016 c012 0004-0005',
);

/** Those that need TLS 1.2 (RFC 5246 section 1.2): AEAD, or a hash of their own. */
const MODERN = suites('003b-0040 0067-006d 009c-00c5 c023-c032 c037-c038 c03a-c0b5 cc13-cc15 cca8-ccae');

/** RFC 8446 appendix B.4. */
export const TLS13_SUITES = suites('1301-1305');

export const TLS12_SUITES: readonly number[] = [...new Set([...COMMON, ...LEGACY_SUITES, ...MODERN])];

/** Kinds of suites that no server should accept; `ssl2` are the CIPHER-KINDs of SSL 2.0 among them. */
export const SUITE_FAMILIES = {
  'null-ciphers': {
    suites: suites(
      '0001-0002 001c 002c-002e 003b 0047 0082-0083 00b0-00b1 00b4-00b5 00b8-00b9 c001 c006 c00b c010 c015 c039-c03b ff87',
    ),
    ssl2: [0x000000, 0xff8010],
  },
  'anonymous-ciphers': {
    suites: suites(
      '0017-001b 0034 003a 0046 0089 009b 006c-006d 00a6-00a7 00bf 00c5 c015-c019 c046-c047 c05a-c05b c084-c085',
    ),
    ssl2: [0xff8010],
  },
  'export-ciphers': {
    suites: suites('0003 0006 0008 000b 000e 0011 0014 0017 0019 0026-002b 0060-0065'),
    ssl2: [0x020080, 0x040080],
  },
  'rc4-ciphers': {
    suites: suites(
      '0003-0005 0017-0018 001e 0020 0024 0028 002b 0060 0064-0066 008a 008e 0092 c002 c007 c00c c011 c016 c033',
    ),
    ssl2: [0x010080, 0x020080, 0x080080],
  },
  // 3DES, DES, IDEA, RC2: blocks of 64 bits (CVE-2016-2183).
  '64-bit-block-ciphers': {
    suites: suites(
      '0006-0016 0019-001b 001e-001f 0021-0023 0025-0027 0029-002a 0061-0063 0072 0077 007c 008b 008f 0093 c003 c008 c00d c012 c017 c01a-c01c c034 fefe-feff ffe0-ffe1',
    ),
    ssl2: [0x030080, 0x040080, 0x050080, 0x060040, 0x060140, 0x0700c0, 0x0701c0, 0xff8000],
  },
} as const;

/** Suites in CBC mode that SSL 3.0 and TLS 1.0 know (CVE-2011-3389: their IV is the end of the record before). */
export const CBC_SUITES = suites(
  '0006-0016 0019-001b 001e-001f 0021-0023 0025-0027 0029-002a 002f-003a 0041-0046 0061-0063 0084-0089 008b-008d 008f-0091 0093-009b 00ae-00af 00b2-00b3 00b6-00b7 c003-c005 c008-c00a c00d-c00f c012-c014 c017-c022 c034-c038 c064-c069 c070-c071 c094-c09b fefe-feff ffe0-ffe1',
);

function suites(ranges: string): readonly number[] {
  return ranges.split(' ').flatMap((range) => {
    const [from = '', to = from] = range.split('-');
    const first = Number.parseInt(from, 16);
    return Array.from({ length: Number.parseInt(to, 16) - first + 1 }, (_, step) => first + step);
  });
}

/** Long lists make old servers hang up (a limit of 128 is known), which would look like a refusal. */
const MOST_IN_A_HELLO = 100;

export function helloLists(all: readonly number[]): readonly (readonly number[])[] {
  const count = Math.ceil(all.length / MOST_IN_A_HELLO);
  return Array.from({ length: count }, (_, part) =>
    all.slice(part * MOST_IN_A_HELLO, (part + 1) * MOST_IN_A_HELLO),
  );
}
